import { isFinal } from '../lake/open-periods.ts';
import type { Workflow } from '../lake/pipeline.ts';
import type { Runtime } from '../lake/runtime.ts';
import type { Window } from '../window.ts';

/**
 * Lets the next scheduled run build the days of a window again that late records may still change: what they were built
 * from counts rows that are gone, so that as many new ones would not be noticed.
 */
export async function recordRebuild(runtime: Runtime, workflow: Workflow, window: Window): Promise<void> {
  const clock = { now: runtime.now(), settings: runtime.settings };
  const built = await runtime.ledger.builtPeriods(workflow.name, window.from, window.to);
  const open = built.filter(({ period, state }) => state === 'provisional' && !isFinal(period, clock));
  await runtime.ledger.recordPeriods(open.map((period) => ({ ...period, inputs: {} })));
}
