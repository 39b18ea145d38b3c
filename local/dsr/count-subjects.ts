import { countStatement } from '../../core/dsr/erasure-workflow.ts';
import { planInventory } from '../../core/dsr/plan-erasure.ts';
import { baseTables, erasureParameters } from '../../core/dsr/targets.ts';
import { maintenanceParameters } from '../../core/maintenance/maintenance-workflow.ts';
import { fillIn } from '../../core/sql/statement.ts';
import type { Session } from '../session.ts';
import { allRows } from './ask-engine.ts';

/** What people have in a table. */
export interface SubjectCount {
  readonly rows: number;
  readonly days: number;
}

/** Counts the rows of some people up to an instant, by table, and leaves nothing behind. */
export async function countSubjects(
  { runtime, erasures }: Session,
  people: readonly string[],
  until: Date,
): Promise<Record<string, SubjectCount>> {
  const batch = `dry-run-${process.pid}`;
  const scopeEnds = until.toISOString();
  await erasures.subjects.write(
    batch,
    people.map((identity) => ({ identity, scopeEnds })),
  );
  try {
    const counts: Record<string, SubjectCount> = {};
    for (const pipeline of runtime.pipelines) {
      const work = new Map(planInventory(runtime, pipeline).map(({ table, counts }) => [table, counts]));
      for (const { table } of baseTables(pipeline)) {
        const [window] = work.get(table.name) ?? [];
        if (window === undefined) continue;
        const sql = fillIn(runtime.statement(countStatement), {
          ...maintenanceParameters(table, window),
          ...erasureParameters(pipeline, table, batch),
        });
        const days = await allRows(runtime.engine, sql);
        counts[table.name] = {
          rows: days.reduce((sum, { subject_rows }) => sum + Number(subject_rows), 0),
          days: days.length,
        };
      }
    }
    return counts;
  } finally {
    await erasures.subjects.destroy(batch);
  }
}
