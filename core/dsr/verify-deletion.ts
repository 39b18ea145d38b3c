import { CheckFailed } from '../errors.ts';
import { isFinal } from '../lake/open-periods.ts';
import type { Pipeline } from '../lake/pipeline.ts';
import type { BuiltPeriod } from '../lake/run-ledger.ts';
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
  const { before, after, countedAt } = roundOf(batch);
  const since = countedAt?.[recount.table] ?? batch.openedAt;
  const elsewhere = await erasedElsewhere(runtime, batch.id, recount.table, since);
  const found = dayCounts(recount.rows);
  const isSource = pipeline.sources.some(({ table }) => table.name === recount.table);
  const counted: Record<string, DayCount> = { ...after?.[recount.table] };
  for (const [day, was] of Object.entries(before[recount.table] ?? {})) {
    if (day < recount.window.from || day >= recount.window.to) continue;
    const is = found[day] ?? { all: 0, subjects: 0 };
    const others = was.all - was.subjects;
    const builds = await buildsOf(runtime, pipeline, day);
    const settled = !isSource && wasSettled(runtime, day, since) && builds.every(({ builtAt }) => builtAt <= since);
    const where = `${recount.table} on ${day}`;
    if (is.subjects > 0) throw new CheckFailed(`${where}: ${is.subjects} rows in scope are still there.`);
    if (!builds.some(({ state }) => state === 'dropped')) {
      const least = others - (elsewhere[day] ?? 0);
      if (is.all < least) throw new CheckFailed(`${where}: ${least - is.all} rows of others are missing.`);
      if (settled && is.all > others) throw new CheckFailed(`${where}: ${is.all - others} rows too many.`);
    }
    counted[day] = is;
  }
  await store.save(withRound(batch, { after: { ...after, [recount.table]: counted } }));
}

/**
 * Rows that other batches may have deleted since a table was counted, by day: they were others' then. A batch goes through
 * its deletion again after a proof that failed, and meanwhile the next one has gone through its own.
 */
async function erasedElsewhere(
  runtime: Runtime,
  batch: string,
  table: string,
  countedAt: string,
): Promise<Record<string, number>> {
  const rows: Record<string, number> = {};
  for (const other of await erasuresOf(runtime).store.batches()) {
    if (other.id === batch) continue;
    for (const { before, erasedAt } of other.rounds) {
      if (erasedAt !== undefined && erasedAt <= countedAt) continue;
      for (const [day, { subjects }] of Object.entries(before[table] ?? {})) rows[day] = (rows[day] ?? 0) + subjects;
    }
  }
  return rows;
}

/** Whether a day was final already when its rows were counted, so that no scheduled build has added to it since. */
function wasSettled({ settings }: Runtime, day: string, countedAt: string): boolean {
  return isFinal({ grain: 'day', from: day, to: addDays(day, 1) }, { now: new Date(countedAt), settings });
}

/** The records of a day's builds by the workflows that clean sources. */
async function buildsOf(runtime: Runtime, pipeline: Pipeline, day: string): Promise<BuiltPeriod[]> {
  const cleaning = pipeline.workflows.filter(({ upstream }) => upstream.kind === 'sources');
  const builds = cleaning.map(({ name }) => runtime.ledger.builtPeriods(name, day, addDays(day, 1)));
  return (await Promise.all(builds)).flat();
}
