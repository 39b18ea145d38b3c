import type { Command } from 'commander';

/** What every command takes. */
export interface LetheOptions {
  readonly home: string;
  readonly config?: string;
}

/** Adds the options of every command, and an example at the end of its help. */
export function withLetheOptions(command: Command, examples: readonly string[]): Command {
  return command
    .option('--home <dir>', 'folder of the lakehouse', '.lethe')
    .option('--config <file>', 'JSON file with settings, laid over the defaults')
    .addHelpText(
      'after',
      `\n${examples.length === 1 ? 'Example' : 'Examples'}:\n${examples.map((line) => `  $ ${line}`).join('\n')}`,
    );
}
