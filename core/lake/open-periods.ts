import type { Settings } from '../settings.ts';
import { addDays, dateOf, instantOf, periodsTouching, type Window, windowAt } from '../window.ts';
import type { Workflow } from './pipeline.ts';
import type { BuiltPeriod } from './run-ledger.ts';

type Clock = { readonly now: Date; readonly settings: Settings };

/** The newest period of a workflow's grain that has ended. */
export function newestPeriod(workflow: Workflow, { now, settings }: Clock): Window {
  const current = windowAt(workflow.grain, now.toISOString(), settings.weekStart);
  return windowAt(workflow.grain, new Date(instantOf(current.from) - 1).toISOString(), settings.weekStart);
}

/** Whether late events may no longer change a period: `lookbackDays` have passed since it ended. */
export function isFinal(period: Window, { now, settings }: Clock): boolean {
  return instantOf(period.to) + settings.lookbackDays * 86_400_000 <= now.getTime();
}

/**
 * The periods that have ended and that a scheduled run may still build, oldest first. A period that becomes final
 * today is among them: the run that makes it final is the last to look at it.
 */
export function openPeriods(workflow: Workflow, clock: Clock): Window[] {
  const { now, settings } = clock;
  const newest = newestPeriod(workflow, clock);
  const oldestEnd = addDays(dateOf(now.getTime()), -settings.lookbackDays);
  return periodsTouching(workflow.grain, addDays(oldestEnd, -1), newest.to, settings.weekStart).filter(
    (period) => period.to.slice(0, 10) >= oldestEnd,
  );
}

/** Missed periods are looked for so far behind the newest one: a run counts and builds as much besides its own. */
const mostMissed = 31;

/**
 * Periods before the open ones that no run has built though earlier ones have been, oldest first: an outage longer than the
 * look-back passed over them. Those of sources that retention has reached are not among them.
 *
 * @param built what the workflow has built, oldest first.
 */
export function missedPeriods(workflow: Workflow, built: readonly BuiltPeriod[], clock: Clock): Window[] {
  const { now, settings } = clock;
  const [first] = built;
  if (first === undefined) return [];
  const end = openPeriods(workflow, clock)[0]?.from ?? newestPeriod(workflow, clock).to;
  const kept = addDays(dateOf(now.getTime()), -settings.retentionDays);
  const begin = workflow.upstream.kind === 'sources' ? kept : first.period.from;
  if (begin >= end) return [];
  const known = new Set(built.map(({ period }) => period.from));
  return periodsTouching(workflow.grain, begin, end, settings.weekStart)
    .slice(-mostMissed)
    .filter(({ from }) => from >= begin && from > first.period.from && !known.has(from));
}
