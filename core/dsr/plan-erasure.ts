import { allTime } from '../catalogue/partition.ts';
import type { Pipeline } from '../lake/pipeline.ts';
import type { Runtime } from '../lake/runtime.ts';
import { addDays, cutAt, dateOf, joinPeriods, periodsTouching, type Window } from '../window.ts';
import { dayCounts, filesCounted, windowsOfDays } from './day-counts.ts';
import { batchOf, erasuresOf, roundOf, withRound } from './ports.ts';
import type { Batch, TableCounts } from './request-store.ts';
import { cutAtScope, type EarliestScopeEnd } from './scope.ts';
import { type TableWork, workOn } from './table-work.ts';
import { baseTables, derivedTables } from './targets.ts';

/** What has to be done for a batch, once its rows are counted. */
export interface ErasurePlan {
  readonly deletions: readonly TableWork[];
  readonly rewrites: readonly TableWork[];
  /** By workflow that cleans sources: the windows to build again, as one list, or none where there is nothing to build. */
  readonly rebuilds: Readonly<Record<string, readonly (readonly Window[])[]>>;
  /** The batch, when it has days whose built periods are to be sealed; nothing otherwise. */
  readonly seals: readonly string[];
}

/** Every day that a table can have. */
function everyDay(runtime: Runtime): Window {
  // A record may lie one day ahead of its arrival, and another one for the hours until this is read.
  return { grain: 'day', from: allTime.from, to: addDays(dateOf(runtime.now().getTime()), 3) };
}

/** The tables that lose rows, with all their days to count. */
export function planInventory(runtime: Runtime, pipeline: Pipeline, earliestScopeEnd: EarliestScopeEnd): TableWork[] {
  return baseTables(pipeline).map((base) =>
    workOn(base.table.name, { counts: cutAtScope(base, [everyDay(runtime)], earliestScopeEnd) }),
  );
}

/** All tables that an erasure touches, to let their old snapshots go. */
export function planExpiry(runtime: Runtime, pipeline: Pipeline): TableWork[] {
  const expiries = [everyDay(runtime)];
  const tables = [...baseTables(pipeline).map(({ table }) => table), ...derivedTables(pipeline)];
  return tables.map(({ name }) => workOn(name, { expiries }));
}

/** Tables whose manifests are to be written anew. */
export function planManifests(runtime: Runtime, tables: readonly string[]): TableWork[] {
  return tables.map((table) => workOn(table, { manifests: [everyDay(runtime)] }));
}

/**
 * Keeps what was counted of a table, and condemns the files that hold rows in scope. After a crash the first count of a day
 * stands: some of its rows may be gone by now. Days that were not counted before are added.
 */
export async function recordInventory(
  runtime: Runtime,
  request: { batch: string; run: string; table: string; rows: readonly unknown[] },
): Promise<void> {
  const { store, condemned } = erasuresOf(runtime);
  const batch = beginRound(await batchOf(runtime, request.batch));
  const round = roundOf(batch);
  const runs = [...new Set([...round.runs, request.run])];
  const counted = { ...dayCounts(request.rows), ...round.before[request.table] };
  // Before the counts: with them the table's rows may go.
  await condemned?.add(batch.id, request.table, filesCounted(request.rows));
  const before = { ...round.before, [request.table]: counted };
  const countedAt = { [request.table]: runtime.now().toISOString(), ...round.countedAt };
  await store.save(withRound(batch, { before, countedAt, runs }));
}

/** A batch that has been proven begins its late sweep with a round of its own. */
export function beginRound(batch: Batch): Batch {
  if (batch.stage !== 'proven' || roundOf(batch).provenAt === undefined) return batch;
  return { ...batch, rounds: [...batch.rounds, { kind: 'sweep', before: {}, runs: [] }] };
}

/** Plans what is to be sealed, deleted, built again and rewritten. */
export async function planErasure(runtime: Runtime, pipeline: Pipeline, batchId: string): Promise<ErasurePlan> {
  const batch = await batchOf(runtime, batchId);
  const { before } = roundOf(batch);
  const kept = await daysStillKept(runtime, pipeline, affectedDays(before));
  const deletions = baseTables(pipeline).flatMap((base) => {
    const ended = endedFirst(runtime, windowsOfDays(Object.keys(before[base.table.name] ?? {})));
    const windows = cutAtScope(base, ended, batch.earliestScopeEnd);
    return windows.length === 0 ? [] : [workOn(base.table.name, { deletions: windows })];
  });
  const names = [...Object.keys(before), ...derivedTables(pipeline).map(({ name }) => name)];
  const windows = windowsOfDays(affectedDays(before));
  const rebuilds: Record<string, Window[][]> = {};
  for (const workflow of pipeline.workflows.filter(({ upstream }) => upstream.kind === 'sources')) {
    const first = windows[0]?.from ?? allTime.from;
    const periods = periodsTouching(workflow.grain, first, windows.at(-1)?.to ?? first, runtime.settings.weekStart);
    // On record or not: a first build that died may have written them.
    const affected = periods.filter((period) => kept.has(period.from.slice(0, 10)));
    const passes = joinPeriods(affected, { periods: workflow.periodsPerPass ?? 1 });
    rebuilds[workflow.name] = passes.length === 0 ? [] : [passes];
  }
  return {
    deletions,
    rewrites: deletions.length === 0 ? [] : names.map((table) => workOn(table, { rewrites: windows })),
    rebuilds,
    seals: windows.length === 0 ? [] : [batch.id],
  };
}

/** Days that records still arrive on come last, so that less arrives between their deletion and its check. */
function endedFirst(runtime: Runtime, windows: readonly Window[]): Window[] {
  return cutAt(windows, dateOf(runtime.now().getTime()));
}

/** The days of any table that hold rows in scope, in order. */
export function affectedDays(counts: TableCounts): string[] {
  return [...new Set(Object.values(counts).flatMap((days) => Object.keys(days)))].sort();
}

/** Days that retention has not dropped: a rebuild of the others would empty what is left of them. */
async function daysStillKept(runtime: Runtime, pipeline: Pipeline, days: readonly string[]): Promise<Set<string>> {
  const dropped = new Set<string>();
  for (const workflow of pipeline.workflows.filter(({ upstream }) => upstream.kind === 'sources')) {
    for (const { period, state } of await runtime.ledger.builtPeriods(workflow.name)) {
      if (state === 'dropped') dropped.add(period.from.slice(0, 10));
    }
  }
  return new Set(days.filter((day) => !dropped.has(day)));
}
