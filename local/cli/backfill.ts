import type { Command } from 'commander';
import { type LetheOptions, withLetheOptions } from './lethe-options.ts';
import type { Place } from './place.ts';

interface BackfillOptions extends LetheOptions {
  readonly from: string;
  readonly to: string;
  readonly json?: true;
}

export function addBackfill(program: Command, place: Place): void {
  withLetheOptions(program.command('backfill'), ['lethe backfill --from 2026-01-01 --to 2026-01-31'])
    .summary('build the days of a span, and its weeks and months')
    .description(
      'Runs the workflows for each day from --from to --to, both included, and for every week and month that ended by --to. ' +
        'The days count as complete because you say so.',
    )
    .requiredOption('--from <date>', 'first day, YYYY-MM-DD')
    .requiredOption('--to <date>', 'last day, YYYY-MM-DD')
    .option('--json', 'print the result as JSON')
    .action(async (options: BackfillOptions) => {
      const { backfillDays } = await import('./backfill-days.ts');
      await backfillDays(options, place);
    });
}
