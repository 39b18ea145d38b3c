import type { Command } from 'commander';
import { InputError } from '../../core/errors.ts';
import { type LetheOptions, withLetheOptions } from './lethe-options.ts';
import type { Place } from './place.ts';

interface DashboardsOptions extends LetheOptions {
  readonly region: string;
  readonly workGroup: string;
  readonly out: string;
  readonly url?: string;
  readonly username: string;
}

export function addDashboards(program: Command, place: Place): void {
  withLetheOptions(program.command('dashboards'), [
    'lethe dashboards build --region eu-central-1 --work-group lethe-analysts',
    'lethe dashboards import --url https://superset.example.com --username admin',
  ])
    .helpGroup('Dashboards:')
    .summary("write Superset's bundle, or import it")
    .description(
      'Makes the bundle of database, datasets, charts and dashboard that Superset 6.1 takes. "build" writes it to a file; "import" brings ' +
        'it into a Superset, over what an earlier import has left, and removes charts that are no more. The password comes from ' +
        'LETHE_SUPERSET_PASSWORD or is asked for; LETHE_SUPERSET_TOKEN, an access token, takes the place of name and password.',
    )
    .argument('<build|import>', 'what to do with the bundle')
    .option('--region <region>', 'AWS region of the Athena that Superset reads', 'us-east-1')
    .option('--work-group <name>', 'Athena workgroup that Superset queries in', 'primary')
    .option('--out <file>', 'file to build', 'dist/lethe-dashboards.zip')
    .option('--url <url>', 'address of the Superset to import into')
    .option('--username <name>', 'its user, with the role Admin', 'admin')
    .action(async (action: string, { url, ...options }: DashboardsOptions) => {
      const { buildDashboards, importDashboards } = await import('./run-dashboards.ts');
      if (action === 'build') return buildDashboards(options, place);
      if (action !== 'import') throw new InputError(`"${action}" is unknown: lethe dashboards takes build or import.`);
      if (url === undefined) throw new InputError('--url is missing: give the address of the Superset to import into.');
      return importDashboards({ ...options, url }, place);
    });
}
