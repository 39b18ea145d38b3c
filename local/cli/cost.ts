import type { Command } from 'commander';
import { InputError } from '../../core/errors.ts';
import { type LetheOptions, withLetheOptions } from './lethe-options.ts';
import type { Place } from './place.ts';

interface CostOptions extends LetheOptions {
  readonly days: string;
  readonly env?: string;
  readonly json?: true;
}

export function addCost(program: Command, place: Place): void {
  withLetheOptions(program.command('cost'), [
    'lethe cost',
    'lethe cost --days 30 --json',
    'lethe cost --env production',
  ])
    .summary('bytes and dollars of the last days')
    .description(
      "Shows what the statements of the last days read, took and cost at Athena's list price: by day, and by statement. In a " +
        "home it tells what the same bytes would cost on Athena; with --env it asks Athena about an environment's workgroups.",
    )
    .option('--days <n>', 'how many days back, today among them, at most 45', '7')
    .option('--env <name>', 'environment on AWS: a file of config/, without its ending')
    .option('--json', 'print the same as JSON')
    .action(async (options: CostOptions) => {
      const days = Number(options.days);
      if (!/^\d{1,2}$/.test(options.days) || days < 1 || days > 45) {
        throw new InputError(`--days "${options.days}" has to be a whole number from 1 to 45.`);
      }
      const { showCost } = await import('./show-cost.ts');
      await showCost({ ...options, days }, place);
    });
}
