import type { Pipeline, Workflow } from '../lake/pipeline.ts';
import type { BuiltPeriod } from '../lake/run-ledger.ts';
import type { Runtime } from '../lake/runtime.ts';
import type { Window } from '../window.ts';
import { touches } from './held-periods.ts';
import { affectedDays } from './plan-erasure.ts';
import { batchOf, roundOf } from './ports.ts';
import type { TableCounts } from './request-store.ts';

/**
 * Makes the periods that a workflow has built of a batch's days final, whatever the look-back says: built again without a
 * person, a period would show by its difference what that person did. What they are made from of the same grain becomes
 * final with them: late records that it took in would be in weeks and months, and in none of their days. It wants the
 * workflow's turn: what is being built is on record only when its run has ended.
 *
 * @returns the window whose period status has to say so from now on; undefined when nothing is built of those days.
 */
export async function sealPeriods(
  runtime: Runtime,
  pipeline: Pipeline,
  workflow: Workflow,
  batchId: string,
): Promise<Window | undefined> {
  const { before } = roundOf(await batchOf(runtime, batchId));
  const days = affectedDays(before);
  const built = await runtime.ledger.builtPeriods(workflow.name);
  const touched = built.filter(({ period }) => touches(period, days));
  const sources = await Promise.all(sourcesOf(pipeline, workflow).map(({ name }) => runtime.ledger.builtPeriods(name)));
  const starts = new Set(touched.map(({ period }) => period.from));
  const below = sources
    .flat()
    .filter(({ period, state }) => starts.has(period.from) && state !== 'dropped')
    .map((period) => ({ ...period, inputs: inputsWithout(period, before) }));
  const open = [...touched, ...below].filter(({ sealed }) => sealed !== true);
  await runtime.ledger.recordPeriods(open.map((period) => ({ ...period, state: 'final', sealed: true })));
  // Not only those sealed now: an earlier run may have died before it could write their status.
  const [first, last] = [touched[0]?.period, touched.at(-1)?.period];
  return first === undefined || last === undefined
    ? undefined
    : { grain: workflow.grain, from: first.from, to: last.to };
}

/** The workflows of the same grain that a workflow is made from, and that read sources themselves. */
function sourcesOf(pipeline: Pipeline, { grain, upstream }: Workflow): Workflow[] {
  if (upstream.kind === 'sources') return [];
  return pipeline.workflows.filter(
    (other) => other.grain === grain && other.upstream.kind === 'sources' && upstream.names.includes(other.name),
  );
}

/** What a period was built from, less the rows that are about to go: those that come from now on are counted as late. */
function inputsWithout({ period, inputs }: BuiltPeriod, before: TableCounts): BuiltPeriod['inputs'] {
  return Object.fromEntries(
    Object.entries(inputs).map(([table, count]) => {
      const going = Object.entries(before[table] ?? {})
        .filter(([day]) => period.from <= day && day < period.to)
        .reduce((sum, [, { subjects }]) => sum + subjects, 0);
      return [table, String(Math.max(0, Number(count) - going))];
    }),
  );
}
