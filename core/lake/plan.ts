import { joinPeriods, type Window } from '../window.ts';
import { isFinal, missedPeriods } from './open-periods.ts';
import type { Workflow } from './pipeline.ts';
import type { BuiltPeriod } from './run-ledger.ts';
import type { Runtime } from './runtime.ts';

/** The windows that a run will build, one pass of the steps each. */
export interface Plan {
  readonly passes: readonly Window[];
}

/** What says which periods have ended, and which are final. */
export type Clock = { readonly now: Date; readonly settings: Runtime['settings'] };

export const clockOf = (runtime: Runtime): Clock => ({ now: runtime.now(), settings: runtime.settings });

/**
 * Records that one pass takes at most, unless one period alone has more. De-duplicating a million wide records took
 * more than the gigabyte that the embedded engine may use; Athena has room for far more, and then a period is a pass.
 */
const recordsPerPass = 500_000;

/** Periods joined into passes. @param records how many a period has. */
export function passesOf(workflow: Workflow, periods: readonly Window[], records: (period: Window) => number): Plan {
  const limits = { periods: workflow.periodsPerPass ?? 1, weigh: records, weight: recordsPerPass };
  return { passes: joinPeriods(periods, limits) };
}

/** A missed period that so many runs have failed over is left to be asked for by name: it must not fail those to come. */
const mostTries = 3;
/** How far back a run looks for those before it, among runs of all workflows: an erasure's are some fifty a batch and day. */
export const runsLookedAt = 500;

/** {@link missedPeriods}: those that no run has failed over, and those that some have, though not too many. */
interface Missed {
  readonly fresh: readonly Window[];
  readonly failed: readonly Window[];
}

/** Periods that should have been built long ago. */
export async function missedOf(runtime: Runtime, workflow: Workflow, built: readonly BuiltPeriod[]): Promise<Missed> {
  const missed = missedPeriods(workflow, built, clockOf(runtime));
  const [oldest] = missed;
  if (oldest === undefined) return { fresh: [], failed: [] };
  const failedRuns = (await runtime.ledger.latestRuns(runsLookedAt)).filter(
    (run) => run.workflow === workflow.name && run.outcome === 'failed' && run.startedAt >= oldest.to,
  );
  const tries = await Promise.all(failedRuns.map(({ id }) => runtime.ledger.statementsOf(id)));
  const triesOf = (period: Window) =>
    tries.filter((statements) =>
      statements.some(({ code, window }) => code !== undefined && window.from <= period.from && period.to <= window.to),
    ).length;
  return {
    fresh: missed.filter((period) => triesOf(period) === 0),
    failed: missed.filter((period) => triesOf(period) > 0 && triesOf(period) < mostTries),
  };
}

/** Passes, those of missed periods after those that dashboards wait for; what has failed before is tried alone, and last. */
export function withMissed({ passes }: Plan, { passes: missed }: Plan, failed: readonly Window[]): Plan {
  return { passes: [...passes, ...missed, ...failed] };
}

/** Whether a built period has become final since it was recorded. */
export function becomesFinal(built: BuiltPeriod, clock: Clock): boolean {
  return built.state === 'provisional' && isFinal(built.period, clock);
}
