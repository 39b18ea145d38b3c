import type { Workflow } from '../lake/pipeline.ts';
import type { Runtime } from '../lake/runtime.ts';
import type { Window } from '../window.ts';
import { touches } from './held-periods.ts';
import { affectedDays } from './plan-erasure.ts';
import { batchOf, roundOf } from './ports.ts';

/**
 * Makes the periods that a workflow has built of a batch's days final, whatever the look-back says: built again without a
 * person, a period would show by its difference what that person did. It wants the workflow's turn: what is being built is
 * on record only when its run has ended.
 *
 * @returns the window whose period status has to say so from now on; undefined when nothing is built of those days.
 */
export async function sealPeriods(runtime: Runtime, workflow: Workflow, batchId: string): Promise<Window | undefined> {
  const days = affectedDays(roundOf(await batchOf(runtime, batchId)).before);
  const built = await runtime.ledger.builtPeriods(workflow.name);
  const touched = built.filter(({ period }) => touches(period, days));
  const open = touched.filter(({ sealed }) => sealed !== true);
  await runtime.ledger.recordPeriods(open.map((period) => ({ ...period, state: 'final', sealed: true })));
  // Not only those sealed now: an earlier run may have died before it could write their status.
  const [first, last] = [touched[0]?.period, touched.at(-1)?.period];
  return first === undefined || last === undefined
    ? undefined
    : { grain: workflow.grain, from: first.from, to: last.to };
}
