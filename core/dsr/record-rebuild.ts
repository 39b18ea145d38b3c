import { isFinal } from '../lake/open-periods.ts';
import type { Pipeline, Workflow } from '../lake/pipeline.ts';
import type { Runtime } from '../lake/runtime.ts';
import { sealedStarts } from '../lake/sealed-periods.ts';
import type { Window } from '../window.ts';

/**
 * Lets the next scheduled run build the days of a window again that late records may still change: what they were built
 * from counts rows that are gone, so that as many new ones would not be noticed.
 */
export async function recordRebuild(
  runtime: Runtime,
  pipeline: Pipeline,
  workflow: Workflow,
  window: Window,
): Promise<void> {
  const clock = { now: runtime.now(), settings: runtime.settings };
  const built = await runtime.ledger.builtPeriods(workflow.name, window.from, window.to);
  const sealed = await sealedStarts(runtime, pipeline, workflow);
  const open = built.filter(
    ({ period, state }) => state !== 'dropped' && !sealed.has(period.from) && !isFinal(period, clock),
  );
  await runtime.ledger.recordPeriods(open.map((period) => ({ ...period, inputs: {} })));
}
