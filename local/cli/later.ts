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

const operations = 'Operations:';

const commands: readonly LaterCommand[] = [
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
