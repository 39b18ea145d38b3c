import type { Command } from 'commander';
import { type LetheOptions, withLetheOptions } from './lethe-options.ts';
import type { Place } from './place.ts';

/** What `lethe requests` takes, as it was typed. */
export interface RequestsOptions extends LetheOptions {
  readonly json?: true;
  readonly env?: string;
}

export function addRequests(program: Command, place: Place): void {
  withLetheOptions(program.command('requests'), [
    'lethe requests',
    'lethe requests --json',
    'lethe requests --env production',
  ])
    .summary('show where each erasure stands')
    .description('Shows every request to erase a person: when it is due, how far its batch has come, and its evidence.')
    .option('--json', 'print them as JSON')
    .option('--env <name>', 'those of a deployment: a file of config/, without its ending')
    .action(async (options: RequestsOptions) => {
      const { showRequests } = await import('./show-requests.ts');
      await showRequests(options, place);
    });
}
