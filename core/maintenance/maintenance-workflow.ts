import { partitionPredicate } from '../catalogue/partition.ts';
import { windowPredicate } from '../catalogue/predicate.ts';
import type { Table } from '../catalogue/table.ts';
import type { Pipeline, Workflow } from '../lake/pipeline.ts';
import type { SqlValue } from '../sql/value.ts';
import type { Window } from '../window.ts';
import { measureStatement } from './measure.ts';

export const dropStatement = 'maintenance/drop_days';
export const rewriteStatement = 'maintenance/rewrite_partitions';
export const expireStatement = 'maintenance/expire_snapshots';

const general: Pick<Workflow, 'grain' | 'upstream' | 'schedule' | 'steps' | 'checks'> = {
  grain: 'day',
  upstream: { kind: 'workflows', names: [] },
  // After the month's workflow, and before an erasure's tick.
  schedule: { kind: 'daily', at: '06:00' },
  steps: [],
  checks: [],
};

/** The workflow that keeps a pipeline's tables in order. It is the same for every pipeline, so that none declares it. */
export function maintenanceWorkflow(_pipeline: Pipeline): Workflow {
  return {
    ...general,
    name: 'maintenance',
    sentence:
      'Drops the days that retention no longer keeps, lets old snapshots go and joins small files, where a table needs it.',
    // It writes no table itself: each one has a run of its own, which takes the turn of that table alone.
    writes: [],
    everyTable: [measureStatement],
  };
}

/** What maintenance does to one table. It is started by {@link maintenanceWorkflow}, and by no schedule. */
export function tableMaintenanceWorkflow(pipeline: Pipeline): Workflow {
  return {
    ...general,
    name: 'maintenance-table',
    sentence: 'Drops days of one table, lets its old snapshots go and joins its small files.',
    writes: pipeline.tables,
    tableQueries: [measureStatement],
  };
}

/** What a maintenance statement on one table may ask for: the table, and the conditions of the window's rows and partitions. */
export function maintenanceParameters(table: Table, window: Window): Record<string, SqlValue> {
  return {
    table: { type: 'identifier', value: table.name },
    scope: { type: 'expression', value: windowPredicate(table, window) },
    whole_partitions: { type: 'expression', value: partitionPredicate(table, window) },
  };
}
