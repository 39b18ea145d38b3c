import { Names, RemovalPolicy, Stack } from 'aws-cdk-lib';
import { type ILogGroup, LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs';
import { LogLevel, StateMachine, type StateMachineProps } from 'aws-cdk-lib/aws-stepfunctions';
import type { Construct } from 'constructs';

/** A state machine that is traced, and whose log says which states it went through and never with what. */
export class ObservedMachine extends StateMachine {
  constructor(scope: Construct, id: string, props: StateMachineProps) {
    super(scope, id, {
      ...props,
      tracingEnabled: true,
      logs: { destination: logOf(scope), level: LogLevel.ALL, includeExecutionData: false },
    });
  }
}

/** One log for all state machines of a stack: the policy that lets AWS deliver logs holds few groups. */
function logOf(scope: Construct): ILogGroup {
  const stack = Stack.of(scope);
  const id = 'WorkflowLogs';
  const known = stack.node.tryFindChild(id);
  if (known instanceof LogGroup) return known;
  return new LogGroup(stack, id, {
    // With this prefix, delivery needs no entry of its own in that policy.
    logGroupName: `/aws/vendedlogs/states/${Names.uniqueResourceName(stack, { maxLength: 60 })}`,
    retention: RetentionDays.ONE_MONTH,
    removalPolicy: RemovalPolicy.DESTROY,
  });
}
