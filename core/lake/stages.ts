import type { Check, Step } from './pipeline.ts';

/** A statement of a workflow, and what its state does with it. */
export interface StagedStatement {
  readonly verb: 'Build' | 'Check';
  readonly statement: string;
}

/** Statements that may run at once, after all of the stage before. */
export type Stage = readonly StagedStatement[];

/** Steps in their order, those {@link Step.alongside | alongside} others in the stage of these; then all checks, which only read. */
export function stagesOf(steps: readonly Step[], checks: readonly Check[]): Stage[] {
  const stages: StagedStatement[][] = [];
  for (const { statement, alongside } of steps) {
    const step = { verb: 'Build', statement } as const;
    const before = stages.at(-1);
    if (alongside === true && before !== undefined) before.push(step);
    else stages.push([step]);
  }
  const checking = checks.map(({ statement }) => ({ verb: 'Check', statement }) as const);
  return checking.length === 0 ? stages : [...stages, checking];
}
