import { type Chain, JsonPath, Map as MapState, Parallel, Pass, type State } from 'aws-cdk-lib/aws-stepfunctions';
import type { Construct } from 'constructs';
import type { LakeTasks } from './lake-tasks.ts';

export interface EachInTurnProps {
  readonly tasks: LakeTasks;
  /** What a part is: `table`. States are named after it. */
  readonly part: string;
  readonly itemsPath: string;
  /** What the work on a part finds; the part's name among it, under {@link part}. Default: the item as it stands in the list. */
  readonly itemSelector?: Record<string, unknown>;
  /** First state of the work on a part. */
  readonly work: State;
}

/**
 * Parts that have nothing to do with each other, one after the other: one that fails does not keep those after it from their
 * turn. When all have had it, the run fails if one of them has, with a line that names each.
 */
export function eachInTurn(scope: Construct, props: EachInTurnProps): Chain {
  const { tasks, part, itemsPath, itemSelector, work } = props;
  const outcome = { part: JsonPath.stringAt(`$.${part}`) };
  const named = `${part.charAt(0).toUpperCase()}${part.slice(1)}`;
  const failed = new Pass(scope, `${named} failed`, {
    parameters: { ...outcome, failure: JsonPath.objectAt('$.failure') },
  });
  const guarded = new Parallel(scope, `Work on the ${part}`, { resultPath: JsonPath.DISCARD })
    .branch(work)
    .addCatch(failed, { resultPath: '$.failure' })
    .next(new Pass(scope, `${named} done`, { parameters: outcome }));
  const each = new MapState(scope, `For each ${part}`, {
    itemsPath,
    ...(itemSelector === undefined ? {} : { itemSelector }),
    maxConcurrency: 1,
    resultPath: '$.outcomes',
  }).itemProcessor(guarded);
  return each.next(
    tasks.invoke(scope, 'Judge the outcomes', 'lake/judge-outcomes', { outcomes: JsonPath.objectAt('$.outcomes') }),
  );
}
