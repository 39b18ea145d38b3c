import type { Command } from 'commander';
import { withLetheOptions } from './lethe-options.ts';
import type { Place } from './place.ts';

export function addDoctor(program: Command, place: Place): void {
  withLetheOptions(program.command('doctor'), ['lethe doctor --env production'])
    .summary('check a deployment on AWS')
    .description(
      'Looks at everything that the configuration of an environment names: cluster, topics, connector, an existing bucket, tables, ' +
        'workgroups, schedules and their last runs. Says what to do for each fault; changes nothing. Exit status 1 when there is a fault.',
    )
    .option('--env <name>', 'environment: a file of config/, without its ending', 'dev')
    .action(async ({ env }: { env: string }) => {
      const { runDoctor } = await import('./run-doctor.ts');
      await runDoctor(env, place);
    });
}
