import type { Pipeline } from '../lake/pipeline.ts';
import type { Runtime } from '../lake/runtime.ts';
import { addDays, instantOf, type Window } from '../window.ts';

/**
 * Makes the built periods of some days final, whatever the look-back says: built again without a person, a period would
 * show by its difference what that person did. Gives the window whose period status has to say so from now on, by workflow;
 * a workflow of which no period was touched has none.
 */
export async function sealPeriods(
  runtime: Runtime,
  pipeline: Pipeline,
  days: readonly string[],
): Promise<Record<string, Window[]>> {
  const windows: Record<string, Window[]> = {};
  for (const workflow of pipeline.workflows.filter(({ upstream }) => upstream.kind === 'workflows')) {
    const built = await runtime.ledger.builtPeriods(workflow.name);
    const touched = built.filter(({ period }) => days.some((day) => overlaps(period, day)));
    const open = touched.filter(({ sealed }) => sealed !== true);
    await runtime.ledger.recordPeriods(open.map((period) => ({ ...period, state: 'final', sealed: true })));
    if (workflow.periodStatus === undefined) continue;
    // Not only those sealed now: an earlier run may have died before it could write their status.
    const [first, last] = [touched[0]?.period, touched.at(-1)?.period];
    windows[workflow.name] =
      first === undefined || last === undefined ? [] : [{ grain: workflow.grain, from: first.from, to: last.to }];
  }
  return windows;
}

function overlaps(period: Window, day: string): boolean {
  return instantOf(period.from) < instantOf(addDays(day, 1)) && instantOf(period.to) > instantOf(day);
}
