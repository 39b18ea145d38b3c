import { Command } from 'commander';
import { addBackfill } from './backfill.ts';
import { addConsole } from './console.ts';
import { addCost } from './cost.ts';
import { addDashboards } from './dashboards.ts';
import { addDemo } from './demo.ts';
import { addDoctor } from './doctor.ts';
import { addForget } from './forget.ts';
import { addIngest } from './ingest.ts';
import type { LetheOptions } from './lethe-options.ts';
import type { Place } from './place.ts';
import { addProveAbsence } from './prove-absence.ts';
import { addQuery } from './query.ts';
import { addRequests } from './requests.ts';
import { addRun } from './run.ts';
import { addStatus } from './status.ts';
import { addVerifyEvidence } from './verify-evidence.ts';

/** The `lethe` command line. What a command needs beyond its options is loaded when it runs: help has to come at once. */
export function letheProgram(place: Place): Command {
  const program = new Command('lethe')
    .description(
      'A lakehouse that can forget: chat events to dashboards without identifiers, on one machine as on AWS.',
    )
    .usage('<command> [options]')
    .exitOverride()
    .configureHelp({
      subcommandTerm: (command) =>
        `${command.name()} ${command.usage().replace('[options] ', '').replace('[options]', '')}`,
    })
    .configureOutput({
      writeOut: (text) => void place.terminal.print(text),
      // What is wrong is said in one line, by main.
      writeErr: () => undefined,
    })
    .addHelpText('after', '\nExamples:\n  $ lethe demo\n  $ lethe help ingest')
    .hook('preAction', async (_, command) => {
      const { config } = command.opts<Partial<LetheOptions>>();
      // Every command takes it, and a wrong one is told by each, whether or not it needs a setting.
      if (config !== undefined) (await import('./settings-file.ts')).readSettings(config);
    });
  program.commandsGroup('Data:');
  addIngest(program, place);
  addBackfill(program, place);
  addRun(program, place);
  program.commandsGroup('Answers:');
  addQuery(program, place);
  addStatus(program, place);
  addDemo(program, place);
  addConsole(program, place);
  addDashboards(program, place);
  program.commandsGroup('Operations:');
  addDoctor(program, place);
  addCost(program, place);
  program.commandsGroup('Erasure:');
  addForget(program, place);
  addRequests(program, place);
  addVerifyEvidence(program, place);
  addProveAbsence(program, place);
  program.commandsGroup('Help:').helpCommand('help [command]', 'show the help of a command');
  return program;
}
