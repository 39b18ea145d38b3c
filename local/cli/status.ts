import type { Command } from 'commander';
import { type LetheOptions, withLetheOptions } from './lethe-options.ts';
import type { Place } from './place.ts';

interface StatusOptions extends LetheOptions {
  readonly json?: true;
}

export function addStatus(program: Command, place: Place): void {
  withLetheOptions(program.command('status'), ['lethe status', 'lethe status --json'])
    .summary('what is built, the latest runs, what was rejected')
    .description(
      'Shows up to which day each workflow has built its tables, the latest runs with what they scanned, and the records that ' +
        'were rejected or came too late to count.',
    )
    .option('--json', 'print the same as JSON')
    .action(async (options: StatusOptions) => {
      const { showStatus } = await import('./show-status.ts');
      await showStatus(options, place);
    });
}
