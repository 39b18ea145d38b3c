import type { Command } from 'commander';
import { InputError } from '../../core/errors.ts';
import { withLetheOptions } from './lethe-options.ts';

interface LaterCommand {
  readonly name: string;
  readonly summary: string;
  readonly takes: readonly string[];
  readonly example: string;
  readonly group: string;
}

const erasure = 'Erasure:';
const operations = 'Operations:';

const commands: readonly LaterCommand[] = [
  {
    name: 'forget',
    summary: 'ask for the erasure of people',
    takes: ['USER_ID…'],
    example: 'lethe forget 4711',
    group: erasure,
  },
  { name: 'requests', summary: 'show where each erasure stands', takes: [], example: 'lethe requests', group: erasure },
  {
    name: 'verify-evidence',
    summary: "check an erasure's evidence offline",
    takes: ['FILE'],
    example: 'lethe verify-evidence evidence.json',
    group: erasure,
  },
  {
    name: 'prove-absence',
    summary: 'say when a person was erased and that nothing is left',
    takes: ['USER_ID'],
    example: 'lethe prove-absence 4711',
    group: erasure,
  },
  { name: 'cost', summary: 'bytes and dollars of the last days', takes: [], example: 'lethe cost', group: operations },
];

/** Adds the commands that are planned: each has its help, and says that it is not there yet. */
export function addLaterCommands(program: Command): void {
  for (const { name, summary, takes, example, group } of commands) {
    withLetheOptions(program.command(name), [example])
      .helpGroup(group)
      .summary(`${summary} (not there yet)`)
      .description(`Not there yet: it comes with a later version. It will ${summary}.`)
      .usage(['[options]', ...takes].join(' '))
      .argument('[arguments...]')
      .allowUnknownOption()
      .action(() => {
        throw new InputError(`"lethe ${name}" is not there yet: it comes with a later version.`);
      });
  }
}
