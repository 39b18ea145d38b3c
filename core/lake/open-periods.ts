import type { Settings } from '../settings.ts';
import { addDays, dateOf, instantOf, periodsTouching, type Window, windowAt } from '../window.ts';
import type { Workflow } from './pipeline.ts';

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
