import type { Check, Step } from './pipeline.ts';

/** A statement of a workflow, and what its state does with it. */
export interface StagedStatement {
  readonly verb: 'Build' | 'Check';
  readonly statement: string;
}

/** Statements that may run at once, after all of the stage before. */
export type Stage = readonly StagedStatement[];

/**
 * Steps in their order, those {@link Step.alongside | alongside} others in the stage of these; then the checks, which only
 * read. Those against the sources come before the others: what these judge may be built once more.
 */
export function stagesOf(steps: readonly Step[], checks: readonly Check[]): Stage[] {
  const stages: StagedStatement[][] = [];
  for (const { statement, alongside } of steps) {
    const step = { verb: 'Build', statement } as const;
    const before = stages.at(-1);
    if (alongside === true && before !== undefined) before.push(step);
    else stages.push([step]);
  }
  const stageOf = (judging: readonly Check[]) =>
    judging.map(({ statement }) => ({ verb: 'Check', statement }) as const);
  const ofSources = stageOf(checks.filter(({ readsSources }) => readsSources === true));
  const ofBuilt = stageOf(checks.filter(({ readsSources }) => readsSources !== true));
  return [...stages, ofSources, ofBuilt].filter((stage) => stage.length > 0);
}
