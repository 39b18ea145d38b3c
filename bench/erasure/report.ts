import { countStatement, deleteStatement, recountStatement } from '../../core/dsr/erasure-workflow.ts';
import { seconds, sum, times, whole } from '../figures.ts';
import type { ErasureCost } from './measure-batches.ts';

/** The columns that name the person in the files of some days, which no way of finding rows can do without. */
export interface IdentifierColumns {
  readonly files: number;
  readonly bytes: number;
}

/** What writing days whole, by CREATE TABLE AS, takes. */
export interface FullRewrite {
  readonly seconds: number;
  readonly bytes: number;
}

const megabytes = (bytes: number) => `${(bytes / 1e6).toFixed(1)} MB`;
/** What reads before the rewrite, and what for. */
const passes = [
  ['count', countStatement],
  ['delete', deleteStatement],
  ['count again', recountStatement],
] as const;

/** The figures of some erasures as a table of Markdown, a column each, with ratios within the run. */
export function erasureTable(
  erasures: readonly ErasureCost[],
  rewrites: readonly FullRewrite[],
  identifiers: readonly IdentifierColumns[],
): string {
  const columns = erasures.map((cost, at) => column(cost, rewrites[at], identifiers[at]));
  const names = columns[0]?.map(([name]) => name) ?? [];
  const head = [
    'people',
    ...erasures.map(({ people, batches }) => (batches === 1 ? whole(people) : `${people} one by one`)),
  ];
  const rows = names.map((name, row) => [name, ...columns.map((cells) => cells[row]?.[1] ?? '')]);
  return [head, head.map(() => '---'), ...rows].map((row) => `| ${row.join(' | ')} |`).join('\n');
}

function column(
  cost: ErasureCost,
  rewrite: FullRewrite | undefined,
  identifiers: IdentifierColumns | undefined,
): [string, string][] {
  const { files, bytes: least } = identifiers ?? { files: Number.NaN, bytes: Number.NaN };
  const sweeps = sum(Object.values(cost.bytesOfSweeps));
  const read = sum(Object.values(cost.bytesRead)) + sweeps;
  const found = sum(passes.map(([, statement]) => cost.bytesRead[statement] ?? 0));
  const byPass = passes.map(([pass, statement]): [string, string] => [
    `of these to ${pass}`,
    times((cost.bytesRead[statement] ?? 0) / least),
  ]);
  const written = rewrite ?? { seconds: Number.NaN, bytes: Number.NaN };
  return [
    ['rows erased', whole(cost.rows)],
    ['days with such rows', whole(cost.days.length)],
    ['data files of these days', whole(files)],
    ['until no query finds them', seconds(cost.erasingSeconds)],
    ['all ticks, without the waits', seconds(cost.tickSeconds)],
    ['statements alone', seconds(cost.statementSeconds)],
    ['bytes read to count, delete and count again', megabytes(found)],
    ['the same / identifier columns of these days', times(found / least)],
    ...byPass,
    ['bytes read by the late sweep', megabytes(sweeps)],
    ['bytes read in all', megabytes(read)],
    ['bytes of data files written', megabytes(cost.bytesWritten)],
    ['these days written whole: time', seconds(written.seconds)],
    ['these days written whole: bytes', megabytes(written.bytes)],
    ['until no query finds them / written whole', times(cost.erasingSeconds / written.seconds)],
    ['Athena, at its list price', `$${cost.dollars.toFixed(4)}`],
  ];
}
