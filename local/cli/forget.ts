import type { Command } from 'commander';
import { type LetheOptions, withLetheOptions } from './lethe-options.ts';
import type { Place } from './place.ts';

/** What `lethe forget` takes, as it was typed. */
export interface ForgetOptions extends LetheOptions {
  readonly file?: string;
  readonly regulation: string;
  readonly withdraw?: string;
  /** Environment whose bus the requests go to. Default: the home's own. */
  readonly env?: string;
  readonly dryRun?: true;
  /** False where only the request is submitted. */
  readonly run: boolean;
  readonly json?: true;
}

export function addForget(program: Command, place: Place): void {
  withLetheOptions(program.command('forget'), [
    'lethe forget 4711',
    'lethe forget --file leavers.txt --regulation ccpa --no-run',
    'lethe forget --withdraw 0b0f6a0e-6f0e-4d39-9d2e-0d6b7c3a9f11',
    'lethe forget 4711 --env production',
  ])
    .summary('erase people, and prove it')
    .description(
      'Submits a deletion event for each person and carries it out: the rows up to now go from every table and file, ' +
        'what is derived is built again, dashboards stay as they are, and signed evidence is written. ' +
        'Waits for snapshots and late records are skipped on a simulated clock, and the evidence says so. ' +
        'With --no-run it only submits; "lethe run dsr" then takes each batch a stage further, in real time.',
    )
    .argument('[user-id...]', 'the people')
    .option('--file <file>', 'a file of user ids, one a line, at most 100,000')
    .option('--regulation <law>', 'gdpr (due in a month) or ccpa (due in 45 days)', 'gdpr')
    .option('--withdraw <request-id>', 'take a pending request back')
    .option('--dry-run', 'only say what would go, and by when')
    .option('--no-run', 'only submit the requests')
    .option('--env <name>', 'submit to a deployment, which carries them out: a file of config/, without its ending')
    .option('--json', 'print the result as JSON')
    .action(async (userIds: string[], options: ForgetOptions) => {
      const { forgetPeople } = await import('./forget-people.ts');
      await forgetPeople(userIds, options, place);
    });
}
