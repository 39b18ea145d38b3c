import { z } from 'zod';
import type { Table } from '../../core/catalogue/table.ts';
import { InputError } from '../../core/errors.ts';
import { type Bundle, type BundleFile, zipFiles } from './bundle.ts';
import { bundleFaults } from './check-bundle.ts';
import { certifiedBy } from './dataset-asset.ts';
import type { SupersetAnswer, SupersetClient } from './superset-client.ts';

export interface ImportResult {
  readonly charts: number;
  /** Titles of charts of an earlier bundle that this one does not have. */
  readonly removed: readonly string[];
}

/**
 * Imports a bundle over whatever an earlier one has left, and removes charts that it no longer has. Charts that people made
 * themselves stay.
 *
 * @param tables the catalogue, which the bundle is checked against before anything is sent.
 * @throws InputError that names the broken or refused file and why.
 */
export async function importBundle(
  superset: SupersetClient,
  bundle: Bundle,
  tables: readonly Table[],
): Promise<ImportResult> {
  const faults = bundleFaults(bundle.files, tables);
  if (faults.length > 0) throw new InputError(`The bundle is broken, nothing was sent: ${faults.join('; ')}.`);
  const answer = await send(superset, bundle.files);
  if (answer.status !== 200) throw new InputError(await whyRefused(superset, bundle.files, answer));
  const removed = await removeLeftovers(superset, bundle);
  return { charts: bundle.chartUuids.length, removed };
}

function send(superset: SupersetClient, files: readonly BundleFile[], to: Endpoint = assets): Promise<SupersetAnswer> {
  const form = new FormData();
  form.append(to.field, new Blob([zipFiles(files)], { type: 'application/zip' }), 'lethe.zip');
  return superset.ask(to.path, { method: 'POST', body: form });
}

interface Endpoint {
  readonly path: string;
  readonly field: string;
}

const assets: Endpoint = { path: 'assets/import/', field: 'bundle' };
const dashboards: Endpoint = { path: 'dashboard/import/', field: 'formData' };

/**
 * Superset answers most faults of a bundle with "Import failed for an unknown reason". Its import of dashboards knows the
 * same files and says what is wrong with each. What it does not know either is found by importing the files step by step,
 * each with those that it needs.
 */
async function whyRefused(
  superset: SupersetClient,
  files: readonly BundleFile[],
  answer: SupersetAnswer,
): Promise<string> {
  if (answer.status === 401 || answer.status === 403) {
    return `Superset does not let this user import (status ${answer.status}): it takes the role Admin.`;
  }
  const told = [...reasonsOf(answer.body), ...(await reasonsByFile(superset, files))];
  if (told.length > 0) return `Superset refuses the bundle: ${told.join('; ')}.`;
  const below = (folder: string) => files.filter(({ path }) => path.includes(`/${folder}/`));
  const base = [...files.filter(({ path }) => path.endsWith('/metadata.yaml')), ...below('databases')];
  const datasets = below('datasets');
  const steps = [
    { file: base.at(-1), files: base },
    ...datasets.map((file) => ({ file, files: [...base, file] })),
    ...below('charts').map((file) => ({ file, files: [...base, ...datasets, file] })),
    ...below('dashboards').map((file) => ({ file, files })),
  ];
  for (const step of steps) {
    const { status, body } = await send(superset, step.files);
    if (status === 200) continue;
    const reasons = reasonsOf(body);
    const because = reasons.length > 0 ? reasons.join('; ') : 'it tells the cause only in its log';
    return `Superset refuses ${step.file?.path ?? 'the bundle'} (status ${status}): ${because}.`;
  }
  return `Superset refused the bundle once (status ${answer.status}) and took each file by itself: try again.`;
}

/** A file that is always refused: with it in the bundle nothing is imported. */
const neverTaken: BundleFile = { path: 'lethe/charts/never-taken.yaml', text: '{}\n' };

/** What Superset's import of dashboards says of each file; it is kept from importing any. */
async function reasonsByFile(superset: SupersetClient, files: readonly BundleFile[]): Promise<string[]> {
  const asDashboard = files.map(({ path, text }) =>
    path.endsWith('/metadata.yaml') ? { path, text: text.replace(/^type: .*$/m, 'type: Dashboard') } : { path, text },
  );
  const { body } = await send(superset, [...asDashboard, neverTaken], dashboards);
  const parsed = errorsShape.safeParse(body);
  if (!parsed.success) return [];
  return parsed.data.errors.flatMap(({ extra }) => {
    const byFile = Object.entries(extra ?? {}).filter(
      ([file, what]) => /\.yaml$/.test(file) && !neverTaken.path.endsWith(file) && !/already exists/.test(String(what)),
    );
    return byFile.map(([file, what]) => `${file}: ${JSON.stringify(what)}`);
  });
}

const errorsShape = z.object({
  errors: z.array(z.object({ message: z.string(), extra: z.record(z.string(), z.unknown()).nullish() })),
});

/** What Superset says, less the sentences that say nothing. */
function reasonsOf(body: unknown): string[] {
  const parsed = errorsShape.safeParse(body);
  if (!parsed.success) return [];
  return parsed.data.errors.flatMap(({ message, extra }) => {
    const details = Object.entries(extra ?? {}).filter(([key]) => key !== 'issue_codes');
    const detail = details.map(([file, what]) => `${file}: ${JSON.stringify(what)}`);
    return /unknown reason|unexpected error/i.test(message) ? detail : [[message, ...detail].join(' ')];
  });
}

const chartsShape = z.object({
  count: z.number(),
  result: z.array(
    z.object({ id: z.number(), uuid: z.string(), slice_name: z.string(), certified_by: z.string().nullable() }),
  ),
});

type Chart = z.infer<typeof chartsShape>['result'][number];

/** As many as Superset gives at once, unless it is configured otherwise (FAB_API_MAX_PAGE_SIZE): asked for more it gives no more. */
const pageSize = 100;

async function allCharts(superset: SupersetClient): Promise<Chart[]> {
  // By id: a chart that somebody changes meanwhile moves the others, so that one may come twice, and Superset refuses to
  // remove one twice.
  const charts = new Map<number, Chart>();
  let seen = 0;
  for (let page = 0; ; page += 1) {
    // Superset reads queries of its lists in Rison.
    const query = `(columns:!(id,uuid,slice_name,certified_by),page:${page},page_size:${pageSize})`;
    const { count, result } = chartsShape.parse((await superset.ask(`chart/?q=${query}`)).body);
    for (const chart of result) charts.set(chart.id, chart);
    seen += result.length;
    if (result.length === 0 || seen >= count) return [...charts.values()];
  }
}

async function removeLeftovers(superset: SupersetClient, { chartUuids }: Bundle): Promise<string[]> {
  const charts = await allCharts(superset);
  const leftovers = charts.filter((chart) => chart.certified_by === certifiedBy && !chartUuids.includes(chart.uuid));
  if (leftovers.length === 0) return [];
  const ids = leftovers.map(({ id }) => id).join(',');
  const { status } = await superset.ask(`chart/?q=!(${ids})`, { method: 'DELETE' });
  if (status !== 200) throw new InputError(`Superset does not let this user remove charts (status ${status}).`);
  return leftovers.map(({ slice_name: title }) => title);
}
