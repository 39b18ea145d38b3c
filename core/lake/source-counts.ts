import type { SqlValue } from '../sql/value.ts';
import type { Window } from '../window.ts';
import type { Pipeline } from './pipeline.ts';
import type { RunLedger } from './run-ledger.ts';

/** How many records of a source table a period was built from. */
export interface SourceCount {
  /** First day of the period. */
  readonly day: string;
  readonly table: string;
  readonly delivered: number;
  /** When it was built for the first time; what came later was late. */
  readonly deliveredFirst: number;
}

/** What the periods of a window were built from, by the ledger: the sources are not read again for it. */
export async function sourceCounts(
  ledger: Pick<RunLedger, 'builtPeriods'>,
  pipeline: Pipeline,
  window: Window,
): Promise<SourceCount[]> {
  const tables = pipeline.sources.map(({ table }) => table.name);
  const counts: SourceCount[] = [];
  for (const { name, upstream } of pipeline.workflows) {
    if (upstream.kind !== 'sources') continue;
    for (const { period, inputs, firstInputs } of await ledger.builtPeriods(name, window.from, window.to)) {
      for (const table of tables) {
        const delivered = Number(inputs[table] ?? 0);
        const deliveredFirst = Number((firstInputs ?? inputs)[table] ?? 0);
        counts.push({ day: period.from.slice(0, 10), table, delivered, deliveredFirst });
      }
    }
  }
  return counts;
}

/** The counts as rows of (day, table, delivered, delivered first); one of no table where there are none, since SQL has no empty list. */
export function sourceCountRows(counts: readonly SourceCount[], window: Window): SqlValue {
  const none = { day: window.from.slice(0, 10), table: '', delivered: 0, deliveredFirst: 0 };
  return {
    type: 'rows',
    value: (counts.length === 0 ? [none] : counts).map(({ day, table, delivered, deliveredFirst }) => [
      { type: 'date', value: day },
      { type: 'text', value: table },
      { type: 'integer', value: delivered },
      { type: 'integer', value: deliveredFirst },
    ]),
  };
}
