import { cp, mkdir, readFile, writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { periodGrainName } from '../core/catalogue/predicate.ts';
import { bucketLists } from '../core/chat/buckets.ts';
import { regions } from '../core/chat/regions.ts';
import { digest } from '../core/lake/period-inputs.ts';
import { type Cost, measured } from './measured-command.ts';

const source = join(import.meta.dirname, 'dbt');

/** The same models in dbt-duckdb, on the bronze of a home folder. */
export interface DbtProject {
  /** Its own database file. */
  readonly database: string;
  /** Builds what is missing: everything the first time, the new days later. */
  run(): Promise<Cost>;
}

/** Installs dbt into a venv outside the tree, once, and makes a copy of the project with its seeds loaded. Needs python3 and PyPI the first time. */
export async function openDbtProject(directory: string, bronze: string): Promise<DbtProject> {
  const dbt = await installedDbt();
  await cp(source, directory, { recursive: true });
  await writeSeeds(join(directory, 'seeds'));
  const database = join(directory, 'dbt.duckdb');
  const run = async (command: string) =>
    await measured({
      program: dbt,
      args: [command, '--project-dir', directory, '--profiles-dir', directory, '--quiet'],
      cwd: directory,
      env: { BENCH_DBT_DATABASE: database, BENCH_BRONZE_DATABASE: bronze, DO_NOT_TRACK: '1' },
    });
  await run('seed');
  return { database, run: async () => await run('run') };
}

/** The `dbt` of a venv that is made anew when the pinned versions change. */
async function installedDbt(): Promise<string> {
  const requirements = join(source, 'requirements.txt');
  const key = digest([await readFile(requirements, 'utf8')]).slice(0, 12);
  const venv = join(process.env.XDG_CACHE_HOME ?? join(homedir(), '.cache'), 'lethe', `dbt-${key}`);
  const done = join(venv, 'installed');
  const installed = await readFile(done, 'utf8').catch(() => undefined);
  if (installed === undefined) {
    await measured({ program: 'python3', args: ['-m', 'venv', venv] });
    await measured({ program: join(venv, 'bin', 'pip'), args: ['install', '--quiet', '--requirement', requirements] });
    await writeFile(done, '');
  }
  return join(venv, 'bin', 'dbt');
}

async function writeSeeds(directory: string): Promise<void> {
  await mkdir(directory, { recursive: true });
  const lists = (['day', 'week', 'month'] as const).flatMap((grain) =>
    bucketLists(grain).map((list) => ({ ...list, grain: periodGrainName(grain) })),
  );
  const seeds = {
    regions: [['country', 'region'], ...Object.entries(regions)],
    bucket_edges: [
      ['grain', 'metric_name', 'entity', ...Array.from({ length: 8 }, (_, index) => `edge_${index + 1}`)],
      ...lists.map(({ grain, metric, entity, edges }) => [grain, metric, entity, ...edges]),
    ],
    bucket_labels: [
      ['grain', 'metric_name', 'entity', 'bucket_order', 'bucket_label'],
      ...lists.flatMap(({ grain, metric, entity, labels }) =>
        labels.map((label, index) => [grain, metric, entity, String(index + 1), label]),
      ),
    ],
  };
  for (const [name, rows] of Object.entries(seeds)) {
    await writeFile(join(directory, `${name}.csv`), rows.map((row) => `${row.join(',')}\n`).join(''));
  }
}
