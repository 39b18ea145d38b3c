import type { Command } from 'commander';
import { InputError } from '../../core/errors.ts';
import { type LetheOptions, withLetheOptions } from './lethe-options.ts';
import type { Place } from './place.ts';

interface ConsoleOptions extends LetheOptions {
  readonly port: string;
  readonly host: string;
}

export function addConsole(program: Command, place: Place): void {
  withLetheOptions(program.command('console'), ['lethe console', 'lethe console --port 8080'])
    .helpGroup('Dashboards:')
    .summary('serve the dashboards and the operations page')
    .description(
      'Serves the dashboards and the operations page to a browser, and the Athena endpoint to its clients, until Ctrl-C. Only this ' +
        'machine can open it, unless --host says otherwise: then it asks for a token, that of LETHE_CONSOLE_TOKEN or a new one.',
    )
    .option('--port <n>', 'port of the console', '4080')
    .option('--host <address>', 'address to listen on', '127.0.0.1')
    .action(async (options: ConsoleOptions) => {
      const port = Number(options.port);
      if (!/^\d{1,5}$/.test(options.port) || port > 65_535) {
        throw new InputError(`--port "${options.port}" is no port: give a number from 0 to 65535.`);
      }
      const { runConsole } = await import('./run-console.ts');
      await runConsole({ ...options, port }, place);
    });
}
