import type { Pipeline, Workflow } from '../lake/pipeline.ts';
import { baseTables } from './targets.ts';

/** Counts, by day, the rows of a table that are in a batch's scope, and all rows beside them. */
export const countStatement = 'dsr/days_with_subjects';
/** Counts the same for every day of a window, also where no row is left. */
export const recountStatement = 'dsr/days_after_deletion';
export const deleteStatement = 'dsr/delete_subjects';
export const rewriteStatement = 'dsr/rewrite_days';
export const expireStatement = 'dsr/expire_snapshots';

const general: Pick<Workflow, 'grain' | 'upstream' | 'schedule' | 'steps' | 'checks'> = {
  grain: 'day',
  upstream: { kind: 'workflows', names: [] },
  schedule: { kind: 'daily', at: '07:00' },
  steps: [],
  checks: [],
};

const erasure = 'dsr';

/** The workflow that erases people from a pipeline's tables. It is the same for every pipeline, so that none declares it. */
export function erasureWorkflow(_pipeline: Pipeline): Workflow {
  return {
    ...general,
    name: erasure,
    sentence: 'Erases the people who asked for it, proves it, and writes the evidence.',
    // It writes no table itself: each one has a run of its own, which takes the turn of that table alone.
    writes: [],
    // Two runs would take the same batch further at once.
    alone: true,
  };
}

/** What an erasure does to one table. It is started by {@link erasureWorkflow}, and by no schedule. */
export function tableErasureWorkflow(pipeline: Pipeline): Workflow {
  return {
    ...general,
    name: `${erasure}-table`,
    sentence: 'Counts and deletes rows of one table, writes its files anew, and lets the old ones go.',
    writes: pipeline.tables,
    tableQueries: [countStatement, recountStatement],
    longAnswers: [countStatement],
  };
}

/** What looks at one table for a proof, while everybody else goes on with it. It is started by {@link erasureWorkflow}, and by no schedule. */
export function tableProofWorkflow(_pipeline: Pipeline): Workflow {
  return {
    ...general,
    name: `${erasure}-proof`,
    sentence: 'Looks in the files of one table for what an erasure should have removed.',
    writes: [],
  };
}

/** Under which name runs are on record that make a workflow's derived tables again. Under its own they would pass for builds. */
export function rebuildName(workflow: Workflow): string {
  return `${erasure}-rebuild-${workflow.name}`;
}

/** Under which name runs are on record that make a workflow's periods final. */
export function sealName(workflow: Workflow): string {
  return `${erasure}-seal-${workflow.name}`;
}

/** Whether a run is on record under the name of a part of an erasure, which tells of it. */
export function isPartOfErasure(name: string): boolean {
  return name.startsWith(`${erasure}-`);
}

/** Whether a pipeline has anything that an erasure concerns. */
export function holdsPeople(pipeline: Pipeline): boolean {
  return baseTables(pipeline).length > 0;
}
