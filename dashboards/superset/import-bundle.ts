import { z } from 'zod';
import { InputError } from '../../core/errors.ts';
import { type Bundle, type BundleFile, zipFiles } from './bundle.ts';
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
 * @throws InputError that names the refused file and why.
 */
export async function importBundle(superset: SupersetClient, bundle: Bundle): Promise<ImportResult> {
  const answer = await send(superset, bundle.files);
  if (answer.status !== 200) throw new InputError(await whyRefused(superset, bundle.files, answer));
  const removed = await removeLeftovers(superset, bundle);
  return { charts: bundle.chartUuids.length, removed };
}

function send(superset: SupersetClient, files: readonly BundleFile[]): Promise<SupersetAnswer> {
  const form = new FormData();
  form.append('bundle', new Blob([zipFiles(files)], { type: 'application/zip' }), 'lethe.zip');
  return superset.ask('assets/import/', { method: 'POST', body: form });
}

/**
 * Superset answers most faults with "Import failed for an unknown reason". Importing the files step by step, each with
 * those that it needs, finds the one that is at fault.
 */
async function whyRefused(
  superset: SupersetClient,
  files: readonly BundleFile[],
  answer: SupersetAnswer,
): Promise<string> {
  if (answer.status === 401 || answer.status === 403) {
    return `Superset does not let this user import (status ${answer.status}): it takes the role Admin.`;
  }
  const told = reasonsOf(answer.body);
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
  result: z.array(
    z.object({ id: z.number(), uuid: z.string(), slice_name: z.string(), certified_by: z.string().nullable() }),
  ),
});

/** Superset reads queries of its lists in Rison. */
const allCharts = 'chart/?q=(columns:!(id,uuid,slice_name,certified_by),page_size:1000)';

async function removeLeftovers(superset: SupersetClient, { chartUuids }: Bundle): Promise<string[]> {
  const { result } = chartsShape.parse((await superset.ask(allCharts)).body);
  const leftovers = result.filter((chart) => chart.certified_by === certifiedBy && !chartUuids.includes(chart.uuid));
  if (leftovers.length === 0) return [];
  const ids = leftovers.map(({ id }) => id).join(',');
  const { status } = await superset.ask(`chart/?q=!(${ids})`, { method: 'DELETE' });
  if (status !== 200) throw new InputError(`Superset does not let this user remove charts (status ${status}).`);
  return leftovers.map(({ slice_name: title }) => title);
}
