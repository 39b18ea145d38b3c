import { dayCounts } from '../../core/dsr/day-counts.ts';
import { countStatement } from '../../core/dsr/erasure-workflow.ts';
import { affectedDays, planInventory } from '../../core/dsr/plan-erasure.ts';
import type { TableCounts } from '../../core/dsr/request-store.ts';
import { baseTables, erasureParameters } from '../../core/dsr/targets.ts';
import { maintenanceParameters } from '../../core/maintenance/maintenance-workflow.ts';
import { fillIn } from '../../core/sql/statement.ts';
import type { Session } from '../session.ts';
import { allRows } from './ask-engine.ts';
import { passingBatch } from './subject-files.ts';

/** What people have in a table. */
export interface SubjectCount {
  readonly rows: number;
  readonly days: number;
  /** Rows of others on those days: they are written anew. */
  readonly rowsRewritten: number;
}

/** What an erasure of some people would come to. */
export interface SubjectCounts {
  readonly tables: Readonly<Record<string, SubjectCount>>;
  /** Days, of any table, for which what is derived is made again. */
  readonly days: number;
}

/** Counts the rows of some people up to an instant, by table, as the inventory of an erasure does, and leaves nothing behind. */
export async function countSubjects(
  { runtime, erasures }: Session,
  people: readonly string[],
  until: Date,
): Promise<SubjectCounts> {
  const batch = passingBatch('dry-run');
  const scopeEnds = until.toISOString();
  await erasures.subjects.write(
    batch,
    people.map((identity) => ({ identity, scopeEnds })),
  );
  try {
    const counted: Record<string, TableCounts[string]> = {};
    for (const pipeline of runtime.pipelines) {
      const work = new Map(planInventory(runtime, pipeline, scopeEnds).map(({ table, counts }) => [table, counts]));
      for (const { table } of baseTables(pipeline)) {
        const rows: unknown[] = [];
        for (const window of work.get(table.name) ?? []) {
          const sql = fillIn(runtime.statement(countStatement), {
            ...maintenanceParameters(table, window),
            ...erasureParameters(pipeline, table, { batch, window, earliestScopeEnd: scopeEnds }),
          });
          rows.push(...(await allRows(runtime.engine, sql)));
        }
        counted[table.name] = dayCounts(rows);
      }
    }
    const tables = Object.entries(counted).map(([table, days]) => [table, subjectCount(days)]);
    return { tables: Object.fromEntries(tables), days: affectedDays(counted).length };
  } finally {
    await erasures.subjects.destroy(batch);
  }
}

function subjectCount(days: TableCounts[string]): SubjectCount {
  const counts = Object.values(days);
  const all = counts.reduce((sum, day) => sum + day.all, 0);
  const rows = counts.reduce((sum, day) => sum + day.subjects, 0);
  return { rows, days: counts.length, rowsRewritten: all - rows };
}
