import { Duration, TimeZone } from 'aws-cdk-lib';
import { EventBus, type IEventBus, Rule } from 'aws-cdk-lib/aws-events';
import { LambdaFunction } from 'aws-cdk-lib/aws-events-targets';
import { CfnFunction } from 'aws-cdk-lib/aws-lambda';
import { Schedule, ScheduleExpression, ScheduleTargetInput } from 'aws-cdk-lib/aws-scheduler';
import { LambdaInvoke } from 'aws-cdk-lib/aws-scheduler-targets';
import { Construct } from 'constructs';
import { detailTypes } from '../../core/dsr/receive.ts';
import type { Config } from '../config.ts';
import { TaskFunction, type TaskSurroundings } from '../lake/task-function.ts';
import type { WorkflowSchedules } from '../lake/workflow-schedules.ts';
import type { ErasureBus } from './erasure-bus.ts';

export interface ErasureRequestsProps extends TaskSurroundings {
  readonly config: Config;
  readonly bus: ErasureBus;
  /** What the functions find in their environment. */
  readonly environment: Record<string, string>;
  readonly schedules: WorkflowSchedules;
}

/** How long a request may be tried to be taken in before it goes to the dead letters. */
const mostTries = { retryAttempts: 2, maxEventAge: Duration.hours(6) } as const;

/** Takes requests in from the bus, and tells on it what has become of them. */
export class ErasureRequests extends Construct {
  /** By the path of their handler below `lambdas/`. */
  readonly functions: ReadonlyMap<'dsr/receive-request' | 'dsr/tell-statuses', TaskFunction>;

  constructor(scope: Construct, id: string, props: ErasureRequestsProps) {
    super(scope, id);
    const receive = new TaskFunction(this, 'Receive', { ...props, handler: 'dsr/receive-request' });
    const tell = new TaskFunction(this, 'Tell', {
      ...props,
      handler: 'dsr/tell-statuses',
      // After a batch of 100,000 there are as many changes to tell, ten in a call.
      timeout: Duration.minutes(10),
    });
    this.#receive(props, receive);
    this.#tell(props, tell);
    this.functions = new Map([
      ['dsr/receive-request', receive],
      ['dsr/tell-statuses', tell],
    ]);
  }

  #receive({ bus }: ErasureRequestsProps, receive: TaskFunction): void {
    receive.configureAsyncInvoke(mostTries);
    const { defaultChild } = receive.node;
    // The CDK would grant the queue by a policy of its own; what the function may do is said in one place.
    if (defaultChild instanceof CfnFunction) defaultChild.deadLetterConfig = { targetArn: bus.deadLetters.queueArn };
    const rule = new Rule(this, 'Requests', {
      description: 'Takes in requests for erasure and their withdrawals',
      eventBus: this.#busOf(bus),
      eventPattern: { detailType: [detailTypes.request, detailTypes.withdrawal] },
      targets: [new LambdaFunction(receive, { ...mostTries, deadLetterQueue: bus.deadLetters })],
    });
    // Not on all of it: the queue's policy names the rule.
    rule.node.addDependency(bus.resource);
  }

  #tell({ config, schedules }: ErasureRequestsProps, tell: TaskFunction): void {
    new Schedule(this, 'TellStatuses', {
      scheduleName: 'erasure-statuses',
      description: 'Tells what has become of requests for erasure',
      enabled: config.schedule.enabled,
      scheduleGroup: schedules.group,
      schedule: ScheduleExpression.cron({ minute: '0/5', timeZone: TimeZone.ETC_UTC }),
      target: new LambdaInvoke(tell, {
        input: ScheduleTargetInput.fromObject({}),
        deadLetterQueue: schedules.deadLetters,
        // The next one comes in five minutes.
        retryAttempts: 0,
      }),
    });
  }

  #busOf({ arn }: ErasureBus): IEventBus {
    return EventBus.fromEventBusArn(this, 'Bus', arn);
  }
}
