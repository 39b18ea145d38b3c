import { allTime } from '../catalogue/partition.ts';
import type { Pipeline } from '../lake/pipeline.ts';
import type { BuiltPeriod } from '../lake/run-ledger.ts';
import type { Runtime } from '../lake/runtime.ts';
import { addDays, dateOf, instantOf, type Window, windowAt } from '../window.ts';
import { firstDayAhead } from './measure.ts';

/** A day whose dashboards are not final yet is kept for so long beyond its retention, and then goes all the same. */
const mostDaysHeld = 7;

/** The days that are kept now, and what keeps those that should have gone. */
export interface RetentionPlan {
  /** `from` the first day that stays, `to` the first that cannot have come yet. */
  readonly window: Window;
  /** Days that are kept beyond their retention, since dashboards that are made from them are not final. */
  readonly heldDays: number;
}

/** Which days are kept now. */
export async function planRetention(runtime: Runtime, pipeline: Pipeline): Promise<RetentionPlan> {
  const today = dateOf(runtime.now().getTime());
  const due = addDays(today, -runtime.settings.retentionDays);
  const from = await firstDayKept(runtime, pipeline, due);
  const heldDays = (instantOf(due) - instantOf(from)) / 86_400_000;
  runtime.metric?.('RetentionDaysHeld', heldDays);
  return { window: { grain: 'day', from, to: firstDayAhead(today) }, heldDays };
}

/**
 * The oldest day that stays: `retentionDays` back from today, or further while a day's dashboards may still change, but
 * never more than a week further.
 */
async function firstDayKept(runtime: Runtime, pipeline: Pipeline, due: string): Promise<string> {
  const latest = addDays(due, -mostDaysHeld);
  const unsettled = await firstUnsettledDay(runtime, pipeline, latest, due);
  return unsettled === undefined ? due : unsettled;
}

async function firstUnsettledDay(
  runtime: Runtime,
  pipeline: Pipeline,
  from: string,
  to: string,
): Promise<string | undefined> {
  const days: BuiltPeriod[] = [];
  for (const source of pipeline.workflows.filter(({ upstream }) => upstream.kind === 'sources')) {
    days.push(...(await runtime.ledger.builtPeriods(source.name, from, to)));
  }
  const waiting: string[] = [];
  for (const { period, state } of days) {
    if (state !== 'dropped' && !(await isSettled(runtime, pipeline, period))) waiting.push(period.from.slice(0, 10));
  }
  return waiting.sort()[0];
}

/** Whether everything that is made from a day is final. */
async function isSettled(runtime: Runtime, pipeline: Pipeline, day: Window): Promise<boolean> {
  for (const workflow of pipeline.workflows.filter(({ upstream }) => upstream.kind === 'workflows')) {
    const period = windowAt(workflow.grain, day.from, runtime.settings.weekStart);
    const [built] = await runtime.ledger.builtPeriods(workflow.name, period.from, period.to);
    if (built === undefined || built.state === 'provisional') return false;
  }
  return true;
}

/**
 * Puts on record that the days before a date are gone, so that nothing is built from what is left of them. It comes
 * before they go: a period that is built in between would be built from half of them.
 */
export async function recordDropped(runtime: Runtime, pipeline: Pipeline, before: string): Promise<void> {
  for (const source of pipeline.workflows.filter(({ upstream }) => upstream.kind === 'sources')) {
    const built = await runtime.ledger.builtPeriods(source.name, allTime.from, before);
    const gone = built.filter(({ state }) => state !== 'dropped');
    await runtime.ledger.recordPeriods(gone.map((period) => ({ ...period, state: 'dropped' })));
  }
}
