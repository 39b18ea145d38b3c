import { Duration, RemovalPolicy, TimeZone } from 'aws-cdk-lib';
import { EventField, Rule, RuleTargetInput } from 'aws-cdk-lib/aws-events';
import { SfnStateMachine, SqsQueue } from 'aws-cdk-lib/aws-events-targets';
import { Schedule, ScheduleExpression, ScheduleGroup, ScheduleTargetInput } from 'aws-cdk-lib/aws-scheduler';
import { StepFunctionsStartExecution } from 'aws-cdk-lib/aws-scheduler-targets';
import { Queue, QueueEncryption } from 'aws-cdk-lib/aws-sqs';
import type { StateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import { Construct } from 'constructs';
import type { Pipeline, Workflow } from '../../core/lake/pipeline.ts';
import type { Config } from '../config.ts';
import { cronOf } from './cron.ts';
import { namedWorkflows } from './schedule-times.ts';

export interface WorkflowSchedulesProps {
  readonly config: Config;
  readonly pipelines: readonly Pipeline[];
  readonly machines: ReadonlyMap<string, StateMachine>;
}

/** The input of a scheduled run. A run that somebody names, or a backfill, has another, and starts nothing after it. */
const scheduledInput = { mode: 'scheduled' } as const;

/** What starts workflows by themselves: the clock, or the success of another. What could not be started, and what failed, is kept. */
export class WorkflowSchedules extends Construct {
  /** Starts that did not happen and runs that failed, for two weeks. */
  readonly deadLetters: Queue;
  /** The group of all schedules of the environment. */
  readonly group: ScheduleGroup;

  constructor(scope: Construct, id: string, props: WorkflowSchedulesProps) {
    super(scope, id);
    this.deadLetters = new Queue(this, 'DeadLetters', {
      encryption: QueueEncryption.SQS_MANAGED,
      enforceSSL: true,
      retentionPeriod: Duration.days(14),
    });
    this.group = new ScheduleGroup(this, 'Group', {
      scheduleGroupName: props.config.name,
      removalPolicy: RemovalPolicy.DESTROY,
    });
    for (const [name, workflow] of namedWorkflows(props.pipelines)) {
      const machine = machineOf(props.machines, name);
      if (workflow.schedule.kind === 'after') {
        this.#startAfter(props, name, machine, machineOf(props.machines, workflow.schedule.workflow));
      } else {
        this.#startByClock(props, name, workflow, machine);
      }
    }
    this.#keepFailures(props);
  }

  #startByClock({ config }: WorkflowSchedulesProps, name: string, workflow: Workflow, machine: StateMachine): void {
    const { schedule, lookbackDays, weekStart } = config;
    const at = schedule.at[name];
    const cron = cronOf(workflow.schedule, {
      lookbackDays,
      weekStart,
      // Days are UTC: by a clock that is ahead of it, the day after a period may not have begun there yet.
      spareDays: schedule.timeZone === 'UTC' ? 0 : 1,
      ...(at === undefined ? {} : { at }),
    });
    new Schedule(this, name, {
      scheduleName: name,
      description: workflow.sentence,
      enabled: schedule.enabled,
      scheduleGroup: this.group,
      schedule: ScheduleExpression.cron({ ...cron, timeZone: TimeZone.of(schedule.timeZone) }),
      target: new StepFunctionsStartExecution(machine, {
        input: ScheduleTargetInput.fromObject(scheduledInput),
        deadLetterQueue: this.deadLetters,
        retryAttempts: 10,
        maxEventAge: Duration.hours(6),
      }),
    });
  }

  #startAfter({ config }: WorkflowSchedulesProps, name: string, machine: StateMachine, upstream: StateMachine): void {
    new Rule(this, name, {
      description: `Starts ${name} when a scheduled run of its upstream has succeeded`,
      enabled: config.schedule.enabled,
      eventPattern: {
        source: ['aws.states'],
        detailType: ['Step Functions Execution Status Change'],
        detail: {
          status: ['SUCCEEDED'],
          stateMachineArn: [upstream.stateMachineArn],
          input: [JSON.stringify(scheduledInput)],
        },
      },
      targets: [
        new SfnStateMachine(machine, {
          input: RuleTargetInput.fromObject(scheduledInput),
          deadLetterQueue: this.deadLetters,
          retryAttempts: 10,
          maxEventAge: Duration.hours(6),
        }),
      ],
    });
  }

  #keepFailures({ machines }: WorkflowSchedulesProps): void {
    new Rule(this, 'Failures', {
      description: 'Keeps the names of runs that did not succeed',
      eventPattern: {
        source: ['aws.states'],
        detailType: ['Step Functions Execution Status Change'],
        detail: {
          status: ['FAILED', 'TIMED_OUT', 'ABORTED'],
          stateMachineArn: [...machines.values()].map((machine) => machine.stateMachineArn),
        },
      },
      targets: [
        new SqsQueue(this.deadLetters, {
          message: RuleTargetInput.fromObject({
            stateMachine: EventField.fromPath('$.detail.stateMachineArn'),
            run: EventField.fromPath('$.detail.name'),
            status: EventField.fromPath('$.detail.status'),
          }),
        }),
      ],
    });
  }
}

/** The state machine of a name. @throws Error when there is none. */
export function machineOf(machines: ReadonlyMap<string, StateMachine>, name: string): StateMachine {
  const machine = machines.get(name);
  if (machine === undefined) throw new Error(`${name} has no state machine`);
  return machine;
}
