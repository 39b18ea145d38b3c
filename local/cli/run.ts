import type { Command } from 'commander';
import { type LetheOptions, withLetheOptions } from './lethe-options.ts';
import type { Place } from './place.ts';

interface RunOptions extends LetheOptions {
  readonly date?: string;
  readonly dryRun?: true;
  readonly json?: true;
}

export function addRun(program: Command, place: Place): void {
  withLetheOptions(program.command('run'), [
    'lethe run silver-daily',
    'lethe run gold-weekly --date 2026-01-07',
    'lethe run maintenance --dry-run',
    'lethe run maintenance',
    'lethe run dsr --dry-run',
  ])
    .summary('run one workflow')
    .description(
      'Runs one workflow: silver-daily, gold-daily, gold-weekly, gold-monthly, maintenance or dsr (which erases people). ' +
        'Without --date it does what its schedule would do now; with it, it builds the period that holds the date. ' +
        'Maintenance that is run by name drops all that is past retention, however much; by its schedule it refuses more than expected.',
    )
    .argument('<workflow>', 'its name')
    .option('--date <date>', 'a day of the period to build, YYYY-MM-DD')
    .option('--dry-run', 'of maintenance and dsr: say what it would do, and do nothing')
    .option('--json', 'print the result as JSON')
    .action(async (workflow: string, options: RunOptions) => {
      const { runWorkflow } = await import('./run-workflow.ts');
      await runWorkflow(workflow, options, place);
    });
}
