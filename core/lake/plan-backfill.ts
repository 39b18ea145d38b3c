import { addDays, joinPeriods, periodsTouching, type Window } from '../window.ts';
import { sameInputs, upstreamInputs } from './period-inputs.ts';
import type { Workflow } from './pipeline.ts';
import type { Runtime } from './runtime.ts';

/** The days that a backfill covers, both included, as dates. */
export interface BackfillRequest {
  readonly from: string;
  readonly to: string;
}

/** Periods that one nested run of a backfill builds at most: its history stays small, and an interrupted backfill loses little. */
const periodsPerRun = 35;

/**
 * The windows for which a backfill starts a workflow, in order: the periods that overlap its days and have ended by its
 * last one, and those built before that its other stages have changed the ground under.
 */
export async function planBackfillStage(
  runtime: Runtime,
  workflow: Workflow,
  { from, to }: BackfillRequest,
): Promise<Window[]> {
  const { weekStart } = runtime.settings;
  const end = addDays(to, 1);
  const asked = periodsTouching(workflow.grain, from, end, weekStart).filter((period) => period.to <= end);
  const more = workflow.upstream.kind === 'workflows' ? await changedNearby(runtime, workflow, from, end) : [];
  const starts = new Set(asked.map((period) => period.from));
  const periods = [...asked, ...more.filter((period) => !starts.has(period.from))];
  periods.sort((left, right) => left.from.localeCompare(right.from));
  return joinPeriods(periods, { periods: periodsPerRun });
}

/**
 * Periods around a backfill that have to follow it: built ones whose upstream it has changed, and, for the sums of a
 * week or month that straddles its ends, days that upstream has and this workflow has not built.
 */
async function changedNearby(runtime: Runtime, workflow: Workflow, from: string, end: string): Promise<Window[]> {
  const { weekStart } = runtime.settings;
  const first = periodsTouching('month', addDays(from, -7), from, weekStart)[0]?.from ?? from;
  const candidates = periodsTouching(workflow.grain, first, addDays(end, 1), weekStart);
  const nearby: Window[] = [];
  for (const period of candidates) {
    const [built] = await runtime.ledger.builtPeriods(workflow.name, period.from, period.to);
    if (built?.state === 'dropped' || built?.sealed === true) continue;
    const inputs = await upstreamInputs(runtime, workflow, period);
    if (
      built !== undefined
        ? !sameInputs(built.inputs, inputs)
        : workflow.grain === 'day' && period.to <= addDays(end, 1) && (await hasUpstream(runtime, workflow, period))
    ) {
      nearby.push(period);
    }
  }
  return nearby;
}

async function hasUpstream(runtime: Runtime, workflow: Workflow, period: Window): Promise<boolean> {
  if (workflow.upstream.kind === 'sources') return false;
  for (const name of workflow.upstream.names) {
    const built = await runtime.ledger.builtPeriods(name, period.from, period.to);
    if (built.some(({ state }) => state !== 'dropped')) return true;
  }
  return false;
}
