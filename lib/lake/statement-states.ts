import {
  Choice,
  Condition,
  Fail,
  type IChainable,
  JsonPath,
  type State,
  Wait,
  WaitTime,
} from 'aws-cdk-lib/aws-stepfunctions';
import type { Construct } from 'constructs';
import type { LakeTasks } from './lake-tasks.ts';

export interface StatementStatesProps {
  readonly tasks: LakeTasks;
  /** Path below `sql/`, without the ending. */
  readonly statement: string;
  /** What the state does with it, as `Build` or `Check`. */
  readonly verb: string;
  readonly pipeline: string;
  readonly workflow: string;
  /** Where in the state's input the window stands. Default `$.window`. */
  readonly windowPath?: string;
  /** Where in the state's input the name of a maintenance statement's table stands. Default: the statement has none. */
  readonly tablePath?: string;
  /** Where in the state's input the batch of an erasure's statement stands. Default: the statement is for none. */
  readonly batchPath?: string;
  readonly next: IChainable;
}

/**
 * Start, wait, look: the states that run one statement. The first call stays with the statement for some seconds, so that a
 * short one never waits; a long one is looked at again and again; one that met a conflict, or maintenance that has more to
 * do, is started anew after a pause. What it came to stands in `$.statement`.
 */
export function statementStates(scope: Construct, props: StatementStatesProps): State {
  const { tasks, statement, verb, pipeline, workflow } = props;
  const name = statement.split('/').at(-1) ?? statement;
  const payload = {
    run: JsonPath.executionName,
    pipeline,
    workflow,
    statement,
    window: JsonPath.objectAt(props.windowPath ?? '$.window'),
    ...(props.tablePath === undefined ? {} : { table: JsonPath.stringAt(props.tablePath) }),
    ...(props.batchPath === undefined ? {} : { batch: JsonPath.stringAt(props.batchPath) }),
  };
  const start = tasks.invoke(scope, `${verb} ${name}`, 'lake/start-statement', payload, '$.statement');
  const look = tasks.invoke(
    scope,
    `Look at ${name}`,
    'lake/look-at-statement',
    { ...payload, id: JsonPath.stringAt('$.statement.id'), waited: JsonPath.numberAt('$.statement.waitSeconds') },
    '$.statement',
  );
  const pause = WaitTime.secondsPath('$.statement.waitSeconds');
  const wait = new Wait(scope, `Wait for ${name}`, { time: pause });
  const again = new Wait(scope, `Wait before another try of ${name}`, { time: pause });
  const unknown = new Fail(scope, `Unknown state of ${name}`, {
    error: 'UnknownStatementState',
    causePath: JsonPath.stringAt('$.statement.state'),
  });
  const state = (is: string) => Condition.stringEquals('$.statement.state', is);
  const how = new Choice(scope, `How is ${name}?`)
    .when(state('succeeded'), props.next)
    .when(state('running'), wait.next(look))
    .when(state('retry'), again.next(start))
    .otherwise(unknown);
  start.next(how);
  look.next(how);
  return start;
}
