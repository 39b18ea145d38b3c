import { CommanderError } from 'commander';
import { InputError } from '../../core/errors.ts';
import { Interrupted, oneLine } from './errors.ts';
import type { Place } from './place.ts';
import { letheProgram } from './program.ts';

/**
 * Runs one command line and gives its exit status: 0 done, 1 it failed, 2 the input was wrong and nothing was written,
 * 130 Ctrl-C. What went wrong is one line on stderr.
 */
export async function main(args: readonly string[], place: Place): Promise<number> {
  try {
    await letheProgram(place).parseAsync(args.length === 0 ? ['--help'] : args, { from: 'user' });
    return 0;
  } catch (error) {
    if (error instanceof CommanderError) return commanderStatus(error, place);
    place.terminal.note(`lethe: ${oneLine(error)}`);
    if (error instanceof Interrupted) return 130;
    return error instanceof InputError ? 2 : 1;
  }
}

function commanderStatus(error: CommanderError, place: Place): number {
  // Help ends by an error too.
  if (error.exitCode === 0) return 0;
  place.terminal.note(`lethe: ${oneLine(error).replace(/^error: /, '')} (lethe --help tells more)`);
  return 2;
}
