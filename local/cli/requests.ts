import type { Command } from 'commander';
import { type LetheOptions, withLetheOptions } from './lethe-options.ts';
import type { Place } from './place.ts';

export function addRequests(program: Command, place: Place): void {
  withLetheOptions(program.command('requests'), ['lethe requests', 'lethe requests --json'])
    .summary('show where each erasure stands')
    .description('Shows every request to erase a person: when it is due, how far its batch has come, and its evidence.')
    .option('--json', 'print them as JSON')
    .action(async (options: LetheOptions & { readonly json?: true }) => {
      const { showRequests } = await import('./show-requests.ts');
      await showRequests(options, place);
    });
}
