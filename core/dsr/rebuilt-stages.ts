import type { Pipeline, Workflow } from '../lake/pipeline.ts';
import { type Stage, stagesOf } from '../lake/stages.ts';
import { baseTables } from './targets.ts';

/** What a workflow makes from the cleaned facts, and checks of it: the stages of a build after an erasure, which leaves the facts alone. */
export function rebuiltStages(pipeline: Pipeline, { steps, checks }: Workflow): Stage[] {
  const base = new Set(baseTables(pipeline).map(({ table }) => table.name));
  return stagesOf(
    steps.filter(({ table }) => !base.has(table.name)),
    checks.filter(({ readsSources }) => readsSources !== true),
  );
}
