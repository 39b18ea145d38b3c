import type { Pipeline, Workflow } from '../lake/pipeline.ts';
import { baseTables } from './targets.ts';

/** Counts, by day, the rows of a table that are in a batch's scope, and all rows beside them. */
export const countStatement = 'dsr/days_with_subjects';
/** Counts the same for every day of a window, also where no row is left. */
export const recountStatement = 'dsr/days_after_deletion';
export const deleteStatement = 'dsr/delete_subjects';
export const rewriteStatement = 'dsr/rewrite_days';
export const expireStatement = 'dsr/expire_snapshots';

/** The workflow that erases people from a pipeline's tables. It is the same for every pipeline, so that none declares it. */
export function erasureWorkflow(pipeline: Pipeline): Workflow {
  return {
    name: 'dsr',
    sentence: 'Erases the people who asked for it, proves it, and writes the evidence.',
    grain: 'day',
    upstream: { kind: 'workflows', names: [] },
    schedule: { kind: 'daily', at: '07:00' },
    steps: [],
    checks: [],
    // It also runs steps of the pipeline's other workflows, so that it holds their turns too.
    writes: pipeline.tables,
    tableQueries: [countStatement, recountStatement],
    longAnswers: [countStatement],
  };
}

/** Whether a pipeline has anything that an erasure concerns. */
export function holdsPeople(pipeline: Pipeline): boolean {
  return baseTables(pipeline).length > 0;
}
