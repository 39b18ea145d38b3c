import { WindowIncomplete } from '../errors.ts';
import { periodsOf, type Window } from '../window.ts';
import { incomplete } from './missing-upstream.ts';
import { missedPeriods, newestPeriod, openPeriods } from './open-periods.ts';
import { type RecordCounts, sameInputs, sourceInputs } from './period-inputs.ts';
import type { Pipeline, Workflow } from './pipeline.ts';
import { clockOf, missedOf, type Plan, passesOf, withMissed } from './plan.ts';
import type { RunMode } from './run-ledger.ts';
import type { RunRequest } from './run-request.ts';
import type { Runtime } from './runtime.ts';
import { sealedStarts } from './sealed-periods.ts';

/** The window whose source records a run has to count before it can plan. */
export async function windowToCount(runtime: Runtime, workflow: Workflow, request: RunRequest): Promise<Window> {
  if (request.window !== undefined) return request.window;
  const built = await runtime.ledger.builtPeriods(workflow.name);
  const [oldest] = [...missedPeriods(workflow, built, clockOf(runtime)), ...openPeriods(workflow, clockOf(runtime))];
  const newest = newestPeriod(workflow, clockOf(runtime));
  return { ...newest, from: oldest?.from ?? newest.from };
}

/**
 * Makes sure that the sources have delivered everything up to the end of a window. A backfill's caller vouches for it.
 *
 * @throws WindowIncomplete when the watermark has not passed the window.
 */
export async function validateSources(
  runtime: Runtime,
  pipeline: Pipeline,
  request: RunRequest,
  window: Window,
): Promise<void> {
  if (request.mode === 'backfill') return;
  const watermark = (await runtime.watermark(pipeline)).toISOString();
  if (watermark.slice(0, window.to.length) < window.to) {
    throw new WindowIncomplete(
      `${window.from} to ${window.to} is not complete: ${pipeline.name} has delivered up to ${watermark}. Run it when the window has ended.`,
    );
  }
}

/** Plans a run that reads sources: what was asked for by name, or what is new or has changed among the open periods, or was missed. */
export async function planFromSources(
  runtime: Runtime,
  pipeline: Pipeline,
  workflow: Workflow,
  request: RunRequest,
  counts: RecordCounts,
): Promise<Plan> {
  const records = (period: Window) => recordsIn(sourceInputs(counts, period));
  const sealed = await sealedStarts(runtime, pipeline, workflow);
  if (request.window !== undefined) {
    const left = await withoutDropped(runtime, workflow, request.mode, request.window);
    // By name a sealed period may be repaired.
    const asked = request.mode === 'named' ? left : left.filter(({ from }) => !sealed.has(from));
    return passesOf(workflow, asked, records);
  }
  const built = await runtime.ledger.builtPeriods(workflow.name);
  const newest = newestPeriod(workflow, clockOf(runtime)).from;
  const wanted = openPeriods(workflow, clockOf(runtime)).filter((period) => {
    const before = built.find((candidate) => candidate.period.from === period.from);
    const now = sourceInputs(counts, period);
    if (before !== undefined)
      return before.state === 'provisional' && !sealed.has(period.from) && !sameInputs(before.inputs, now);
    const begun = built.some((candidate) => candidate.period.from < period.from);
    return period.from === newest || begun || Object.keys(now).length > 0;
  });
  const missed = await missedOf(runtime, workflow, built);
  return withMissed(passesOf(workflow, wanted, records), passesOf(workflow, missed.fresh, records), missed.failed);
}

/**
 * The periods of a window but for those that retention has dropped: built from what is left they would be empty, and empty
 * gold after them.
 *
 * @throws WindowIncomplete when one of them was asked for by name.
 */
async function withoutDropped(runtime: Runtime, workflow: Workflow, mode: RunMode, window: Window): Promise<Window[]> {
  const built = await runtime.ledger.builtPeriods(workflow.name, window.from, window.to);
  const dropped = new Set(built.filter(({ state }) => state === 'dropped').map(({ period }) => period.from));
  const periods = periodsOf(window);
  const first = periods.find(({ from }) => dropped.has(from));
  if (first !== undefined && mode === 'named') {
    throw incomplete(workflow, first, { workflow: workflow.name, from: first.from, why: 'dropped' });
  }
  return periods.filter(({ from }) => !dropped.has(from));
}

/** Records of all source tables in a period. */
function recordsIn(inputs: Readonly<Record<string, string>>): number {
  return Object.values(inputs).reduce((sum, count) => sum + Number(count), 0);
}
