import { CheckFailed } from '../errors.ts';
import { isFinal } from '../lake/open-periods.ts';
import type { Pipeline } from '../lake/pipeline.ts';
import type { Runtime } from '../lake/runtime.ts';
import { addDays, type Window } from '../window.ts';
import { dayCounts } from './day-counts.ts';
import { batchOf, erasuresOf, roundOf, withRound } from './ports.ts';
import type { DayCount } from './request-store.ts';

export interface Recount {
  readonly batch: string;
  readonly table: string;
  readonly window: Window;
  readonly rows: readonly unknown[];
}

/**
 * Compares a table's days after the deletion with what was counted before: no row in scope, and every other row still
 * there. Only rows that arrived since may be more; on a day of cleaned facts that nothing changes any more, not even those.
 *
 * @throws CheckFailed with the table and the day.
 */
export async function verifyDeletion(runtime: Runtime, pipeline: Pipeline, recount: Recount): Promise<void> {
  const { store } = erasuresOf(runtime);
  const batch = await batchOf(runtime, recount.batch);
  const { before, after } = roundOf(batch);
  const found = dayCounts(recount.rows);
  const isSource = pipeline.sources.some(({ table }) => table.name === recount.table);
  const counted: Record<string, DayCount> = { ...after?.[recount.table] };
  for (const [day, was] of Object.entries(before[recount.table] ?? {})) {
    if (day < recount.window.from || day >= recount.window.to) continue;
    const is = found[day] ?? { all: 0, subjects: 0 };
    const others = was.all - was.subjects;
    const settled =
      !isSource &&
      isFinal({ grain: 'day', from: day, to: addDays(day, 1) }, { now: runtime.now(), settings: runtime.settings });
    const where = `${recount.table} on ${day}`;
    if (is.subjects > 0) throw new CheckFailed(`${where}: ${is.subjects} rows in scope are still there.`);
    if (!(await isDropped(runtime, pipeline, day))) {
      if (is.all < others) throw new CheckFailed(`${where}: ${others - is.all} rows of others are missing.`);
      if (settled && is.all !== others) throw new CheckFailed(`${where}: ${is.all - others} rows too many.`);
    }
    counted[day] = is;
  }
  await store.save(withRound(batch, { after: { ...after, [recount.table]: counted } }));
}

async function isDropped(runtime: Runtime, pipeline: Pipeline, day: string): Promise<boolean> {
  for (const workflow of pipeline.workflows.filter(({ upstream }) => upstream.kind === 'sources')) {
    const built = await runtime.ledger.builtPeriods(workflow.name, day, addDays(day, 1));
    if (built.some(({ state }) => state === 'dropped')) return true;
  }
  return false;
}
