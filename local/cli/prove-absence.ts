import type { Command } from 'commander';
import { type LetheOptions, withLetheOptions } from './lethe-options.ts';
import type { Place } from './place.ts';

export function addProveAbsence(program: Command, place: Place): void {
  withLetheOptions(program.command('prove-absence'), ['lethe prove-absence 4711'])
    .summary('say when a person was erased and that nothing is left')
    .description(
      'Recomputes the pseudonym of a person, finds the batch that erased them, and looks for them in every table and every file.',
    )
    .argument('<user-id>', 'the person')
    .option('--json', 'print the answer as JSON')
    .action(async (userId: string, options: LetheOptions & { readonly json?: true }) => {
      const { proveAbsence } = await import('./look-for-person.ts');
      await proveAbsence(userId, options, place);
    });
}
