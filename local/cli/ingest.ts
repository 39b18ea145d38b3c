import type { Command } from 'commander';
import { type LetheOptions, withLetheOptions } from './lethe-options.ts';
import type { Place } from './place.ts';

interface IngestOptions extends LetheOptions {
  readonly topic: string;
  readonly again?: true;
  readonly json?: true;
}

export function addIngest(program: Command, place: Place): void {
  withLetheOptions(program.command('ingest'), [
    'lethe ingest --topic chat events.ndjson',
    'lethe ingest --topic tool calls-2026-01-*.ndjson.gz',
  ])
    .summary('append NDJSON records to bronze')
    .description(
      'Appends the records of NDJSON files (gzip or not) to bronze, as the connector would: each file wholly or not at all. ' +
        'Records that may not enter are counted by reason, and found again in bronze_rejected_records. ' +
        'Should a file be refused, those named before it are in, and are told of.',
    )
    .argument('<file...>', 'files of one JSON object a line')
    .requiredOption('--topic <topic>', 'which records they are: chat or tool')
    .option('--again', 'also take content that was ingested before')
    .option('--json', 'print the result as JSON')
    .action(async (files: string[], options: IngestOptions) => {
      const { ingestFiles } = await import('./ingest-files.ts');
      await ingestFiles(files, options, place);
    });
}
