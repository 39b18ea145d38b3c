import { windowPredicate } from '../catalogue/predicate.ts';
import type { Table } from '../catalogue/table.ts';
import { StatementFailed } from '../errors.ts';
import { askEngine } from '../lake/ask-engine.ts';
import type { Pipeline } from '../lake/pipeline.ts';
import type { Runtime } from '../lake/runtime.ts';
import { fillIn } from '../sql/statement.ts';
import { addDays, dateOf, type Window } from '../window.ts';
import { erasureState } from './erasure-state.ts';
import { latePeriods } from './late-periods.ts';
import type { MetricName } from './metrics.ts';
import { recentStatements } from './recent-statements.ts';
import { isIn, type Span } from './span.ts';
import { dollarsOf } from './statement-cost.ts';

export interface StateRequest {
  /** Hours after its end within which a period has to be built. */
  readonly builtWithinHours: number;
}

const minuteMillis = 60_000;
const hourMillis = 60 * minuteMillis;
/** The report comes at a quarter of each hour or soon after, or is tried again: what it measures ends at that quarter, so that each hour is measured once. */
const quarterMillis = 15 * minuteMillis;

/**
 * How the lake stands now, as measurements: how far bronze is behind, what is late, what the last hour's statements took
 * and the last day's cost, which share of records was rejected, and how erasures stand.
 */
export async function stateOfLake(
  runtime: Runtime,
  { builtWithinHours }: StateRequest,
): Promise<[MetricName, number][]> {
  const now = runtime.now();
  const state: [MetricName, number][] = [];
  let late = 0;
  for (const pipeline of runtime.pipelines) {
    const delay = (now.getTime() - (await runtime.watermark(pipeline)).getTime()) / minuteMillis;
    state.push(['SourceDelayMinutes', Math.max(0, delay)]);
    late += (await latePeriods(runtime, pipeline, builtWithinHours)).length;
    const share = await rejectedShare(runtime, pipeline);
    if (share !== undefined) state.push(['RejectedShare', share]);
  }
  state.push(['PeriodsLate', late]);
  const end = now.getTime() - (now.getTime() % quarterMillis);
  const hour: Span = { from: new Date(end - hourMillis), to: new Date(end) };
  const day = await recentStatements(runtime.ledger, new Date(end - 24 * hourMillis), hour.to);
  const recent = day.filter(({ finishedAt }) => isIn(hour, finishedAt));
  for (const { millis, bytesScanned } of recent) {
    state.push(['StatementTime', millis / 1000], ['StatementBytes', bytesScanned]);
  }
  state.push(['AthenaDollarsPerDay', day.reduce((dollars, statement) => dollars + dollarsOf(statement), 0)]);
  if (runtime.erasures !== undefined) state.push(...(await erasureState(runtime, hour, recent)));
  // Last, so that a report which breaks off counts as none.
  state.push(['StateReports', 1]);
  return state;
}

/** Rejected records in per cent of all of yesterday and today; undefined when there were none at all. */
async function rejectedShare(runtime: Runtime, { sources }: Pipeline): Promise<number | undefined> {
  const today = dateOf(runtime.now().getTime());
  const window: Window = { grain: 'day', from: addDays(today, -1), to: addDays(today, 1) };
  const count = async (tables: ReadonlySet<Table>) => {
    let records: number | undefined = 0;
    for (const table of tables) {
      const rows = await rowsOf(runtime, table, window);
      records = records === undefined || rows === undefined ? undefined : records + rows;
    }
    return records;
  };
  const accepted = await count(new Set(sources.map(({ table }) => table)));
  const rejected = await count(new Set(sources.map((source) => source.rejected)));
  // A count that failed is no count of nothing.
  if (accepted === undefined || rejected === undefined) return undefined;
  return accepted + rejected === 0 ? undefined : (100 * rejected) / (accepted + rejected);
}

/** Rows of a table in a window; undefined when the engine could not count them. */
async function rowsOf(runtime: Runtime, table: Table, window: Window): Promise<number | undefined> {
  const sql = fillIn(runtime.statement('monitoring/count_rows'), {
    table: { type: 'identifier', value: table.name },
    scope: { type: 'expression', value: windowPredicate(table, window) },
  });
  const token = `count ${table.name} ${runtime.now().toISOString()}`;
  try {
    const [row] = await askEngine(runtime, sql, token);
    return Number(row?.records ?? 0);
  } catch (error) {
    if (error instanceof StatementFailed) return undefined;
    throw error;
  }
}
