import { type IChainable, JsonPath, Parallel, Pass, type State } from 'aws-cdk-lib/aws-stepfunctions';
import type { Construct } from 'constructs';
import type { Stage } from '../../core/lake/stages.ts';
import type { LakeTasks } from './lake-tasks.ts';
import { statementStates } from './statement-states.ts';

export interface StagedStatementsProps {
  readonly tasks: LakeTasks;
  readonly pipeline: string;
  readonly workflow: string;
  readonly stages: readonly Stage[];
  readonly next: State;
}

/** The states that run stages one after the other, and the statements of each stage at once. Their input goes on as it is. */
export function stagedStatements(scope: Construct, { stages, next, ...names }: StagedStatementsProps): IChainable {
  return stages.reduceRight<IChainable>((after, stage) => stageStates(scope, stage, names, after), next);
}

function stageStates(
  scope: Construct,
  stage: Stage,
  names: Omit<StagedStatementsProps, 'stages' | 'next'>,
  next: IChainable,
): IChainable {
  const [first, ...others] = stage;
  if (first === undefined) return next;
  if (others.length === 0) return statementStates(scope, { ...names, ...first, next });
  const together = new Parallel(scope, `${first.verb} ${stage.length} at once: ${lastWord(first.statement)}, …`, {
    resultPath: JsonPath.DISCARD,
  });
  for (const { verb, statement } of stage) {
    const done = new Pass(scope, `Done: ${verb.toLowerCase()} ${lastWord(statement)}`);
    together.branch(statementStates(scope, { ...names, verb, statement, next: done }));
  }
  return together.next(next);
}

function lastWord(statement: string): string {
  return statement.split('/').at(-1) ?? statement;
}
