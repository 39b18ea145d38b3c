import { windowPredicate } from '../catalogue/predicate.ts';
import type { Table } from '../catalogue/table.ts';
import type { Pipeline, Workflow } from '../lake/pipeline.ts';
import type { BuiltPeriod } from '../lake/run-ledger.ts';
import type { Runtime } from '../lake/runtime.ts';
import type { SqlValue } from '../sql/value.ts';
import { addDays, dateOf, type Window, windowAt } from '../window.ts';

/** Before every day that a table can hold: records from before 2000 are rejected. */
const beginning = '2000-01-01';
/** A day whose dashboards are not final yet is kept for so long beyond its retention, and then goes all the same. */
const mostDaysHeld = 7;

/** Which tables lose which days: `[window.from, window.to)`. */
export interface RetentionPlan {
  readonly tables: readonly string[];
  readonly window: Window;
}

/** The workflow that keeps a pipeline's tables in order. It is the same for every pipeline, so that none declares it. */
export function maintenanceWorkflow(pipeline: Pipeline): Workflow {
  return {
    name: 'maintenance',
    sentence: 'Drops the days that retention no longer keeps.',
    grain: 'day',
    upstream: { kind: 'workflows', names: [] },
    schedule: { kind: 'daily', at: '06:00' },
    steps: [],
    checks: [],
    writes: pipeline.tables.filter((table) => table.retention === 'days'),
  };
}

/** What a maintenance statement on one table may ask for: the table, and the condition of the window's rows. */
export function maintenanceParameters(table: Table, window: Window): Record<string, SqlValue> {
  return {
    table: { type: 'identifier', value: table.name },
    scope: { type: 'expression', value: windowPredicate(table, window) },
  };
}

/** Which days of which tables are to go now. */
export async function planRetention(runtime: Runtime, pipeline: Pipeline): Promise<RetentionPlan> {
  const tables = (maintenanceWorkflow(pipeline).writes ?? []).map((table) => table.name);
  return { tables, window: { grain: 'day', from: beginning, to: await firstDayKept(runtime, pipeline) } };
}

/**
 * The oldest day that stays: `retentionDays` back from today, or further while a day's dashboards may still change, but
 * never more than a week further.
 */
async function firstDayKept(runtime: Runtime, pipeline: Pipeline): Promise<string> {
  const due = addDays(dateOf(runtime.now().getTime()), -runtime.settings.retentionDays);
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

/** Puts on record that the days of a window are gone, so that nothing is built from what is left of them. */
export async function recordDropped(runtime: Runtime, pipeline: Pipeline, window: Window): Promise<void> {
  for (const source of pipeline.workflows.filter(({ upstream }) => upstream.kind === 'sources')) {
    const built = await runtime.ledger.builtPeriods(source.name, window.from, window.to);
    const gone = built.filter(({ state }) => state !== 'dropped');
    await runtime.ledger.recordPeriods(gone.map((period) => ({ ...period, state: 'dropped' })));
  }
}
