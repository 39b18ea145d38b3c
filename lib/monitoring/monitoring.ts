import { Duration, TimeZone } from 'aws-cdk-lib';
import { Schedule, ScheduleExpression, ScheduleTargetInput } from 'aws-cdk-lib/aws-scheduler';
import { LambdaInvoke } from 'aws-cdk-lib/aws-scheduler-targets';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';
import type { StateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import { Construct } from 'constructs';
import type { Pipeline } from '../../core/lake/pipeline.ts';
import type { Config } from '../config.ts';
import type { BronzeConnector } from '../ingest/bronze-connector.ts';
import { topicName } from '../ingest/sink-settings.ts';
import type { TaskFunction } from '../lake/task-function.ts';
import { workGroupName } from '../lake/work-groups.ts';
import type { WorkflowSchedules } from '../lake/workflow-schedules.ts';
import { AlertsTopic } from './alerts-topic.ts';
import { LakeAlarms } from './lake-alarms.ts';
import { LakeDashboard } from './lake-dashboard.ts';
import { MonthlyBudget } from './monthly-budget.ts';
import { serviceAlarms } from './service-alarms.ts';
import { stateAlarms } from './state-alarms.ts';

export interface MonitoringProps {
  readonly config: Config;
  readonly pipelines: readonly Pipeline[];
  readonly machines: ReadonlyMap<string, StateMachine>;
  readonly functions: readonly TaskFunction[];
  /** The function that reports the state of the lake. */
  readonly reporter: TaskFunction;
  readonly schedules: WorkflowSchedules;
  /** Queues in which nothing should be, beside that of the schedules, by the word that tells their alarms apart. */
  readonly deadLetters?: ReadonlyMap<string, IQueue>;
  readonly connector: BronzeConnector | undefined;
  /** Undefined without Kafka. */
  readonly clusterName: string | undefined;
}

/** What looks after the lake: the hourly report of its state, alarms, the topic that they go to, a dashboard, a budget. */
export class Monitoring extends Construct {
  /** What every alarm notifies. */
  readonly topic: ITopic;

  constructor(scope: Construct, id: string, props: MonitoringProps) {
    super(scope, id);
    const { config, pipelines, machines } = props;
    this.#reportEveryHour(props);
    const { topic } = new AlertsTopic(this, 'Alerts', { emails: config.alarms.emails, keyArn: config.keys.alerts });
    const deadLetters = new Map<string, IQueue>([['runs', props.schedules.deadLetters], ...(props.deadLetters ?? [])]);
    const topics = pipelines.flatMap(({ sources }) => sources.map((source) => topicName(config, source.topic)));
    const { alarms } = new LakeAlarms(this, 'Alarms', {
      prefix: config.name,
      topic,
      specs: [
        ...stateAlarms(config, pipelines),
        ...serviceAlarms({
          config,
          machines: [...machines.values()],
          functions: props.functions,
          deadLetters,
          connector: props.connector,
          cluster: props.clusterName === undefined ? undefined : { name: props.clusterName, topics },
        }),
      ],
    });
    new LakeDashboard(this, 'Dashboard', {
      config,
      alarms,
      machines,
      deadLetters,
      workGroup: workGroupName(config, 'pipeline'),
    });
    const dollars = config.monthlyBudgetDollars;
    if (dollars !== undefined) new MonthlyBudget(this, 'Budget', { environment: config.name, dollars, topic });
    this.topic = topic;
  }

  #reportEveryHour({ config, reporter, schedules }: MonitoringProps): void {
    new Schedule(this, 'report-state', {
      scheduleName: 'report-state',
      description: 'Measures how the lake stands.',
      enabled: config.schedule.enabled,
      scheduleGroup: schedules.group,
      // Not on the hour, when the workflows start.
      schedule: ScheduleExpression.cron({ minute: '45', hour: '*', timeZone: TimeZone.of(config.schedule.timeZone) }),
      target: new LambdaInvoke(reporter, {
        input: ScheduleTargetInput.fromObject({ builtWithinHours: config.alarms.builtWithinHours }),
        deadLetterQueue: schedules.deadLetters,
        retryAttempts: 2,
        maxEventAge: Duration.minutes(30),
      }),
    });
  }
}
