import { Duration } from 'aws-cdk-lib';
import { type IMetric, Metric } from 'aws-cdk-lib/aws-cloudwatch';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';
import type { StateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import { minutesUntilCommitted } from '../../core/ingest/commit-delay.ts';
import type { Config } from '../config.ts';
import { type BronzeConnector, consumerGroup, controlTopic, coordinatorGroup } from '../ingest/bronze-connector.ts';
import { type AlarmSpec, sums } from './alarm-spec.ts';

export interface ServiceAlarmsProps {
  readonly config: Config;
  readonly machines: readonly StateMachine[];
  readonly functions: readonly IFunction[];
  /** Queues in which nothing should be, by the word that tells their alarms apart. */
  readonly deadLetters: ReadonlyMap<string, IQueue>;
  /** Undefined without Kafka, or while the connector is removed. */
  readonly connector: BronzeConnector | undefined;
  /** Name of the MSK cluster and of the topics that the connector reads. */
  readonly cluster: { readonly name: string; readonly topics: readonly string[] } | undefined;
}

const fiveMinutes = Duration.minutes(5);

/** Alarms on what the services under the lake measure by themselves. */
export function serviceAlarms(props: ServiceAlarmsProps): AlarmSpec[] {
  return [
    ...workflowAlarms(props),
    ...functionAlarms(props),
    ...[...props.deadLetters].map(([word, queue]): AlarmSpec => deadLetters(word, queue)),
    ...diskAlarms(props),
    ...connectorAlarms(props),
  ];
}

function workflowAlarms({ machines }: ServiceAlarmsProps): AlarmSpec[] {
  const sum = { statistic: 'Sum', period: fiveMinutes };
  return [
    ...several(
      'workflow-failed',
      'A workflow failed or was stopped.',
      machines.flatMap((machine) => [machine.metricFailed(sum), machine.metricAborted(sum)]),
      1,
    ),
    ...several(
      'workflow-timed-out',
      'A workflow ran out of its time.',
      machines.map((machine) => machine.metricTimedOut(sum)),
      1,
    ),
  ];
}

function functionAlarms({ functions }: ServiceAlarmsProps): AlarmSpec[] {
  const sum = { statistic: 'Sum', period: Duration.minutes(15) };
  return [
    ...several(
      'function-errors',
      'Functions failed five times or more within 15 minutes; ten functions share an alarm. State machines try again, so that a run may still succeed.',
      functions.map((one) => one.metricErrors(sum)),
      5,
    ),
    ...several(
      'function-throttles',
      "Lambda refused to start functions: the account's concurrency is used up.",
      functions.map((one) => one.metricThrottles(sum)),
      1,
    ),
  ];
}

/** One alarm on the sum of many metrics; several, numbered, where CloudWatch does not take as many in one. */
function several(name: string, says: string, metrics: readonly IMetric[], threshold: number): AlarmSpec[] {
  const period = name.startsWith('function') ? Duration.minutes(15) : fiveMinutes;
  return sums(metrics, name, period).map((metric, index) => ({
    name: numbered(name, index),
    says,
    metric,
    threshold,
    // These services measure nothing while nothing runs.
    silence: 'fine',
  }));
}

function numbered(name: string, index: number): string {
  return index === 0 ? name : `${name}-${index + 1}`;
}

function deadLetters(word: string, queue: IQueue): AlarmSpec {
  return {
    name: `dead-letters-${word}`,
    says: 'Something could not be delivered, or ended badly, and waits in the dead-letter queue.',
    metric: queue.metricApproximateNumberOfMessagesVisible({ statistic: 'Maximum', period: fiveMinutes }),
    threshold: 1,
    // A queue that nobody has used for hours measures nothing, and then holds nothing either.
    silence: 'fine',
  };
}

/** MSK's own advice: from here on there is time to act. Source: its best practices for Standard brokers, "Monitor disk space". */
const fullDiskPercent = 85;

/** Disks of a cluster that is created here: one that was there has an owner, and MSK Serverless has none. */
function diskAlarms({ config, cluster }: ServiceAlarmsProps): AlarmSpec[] {
  const { kafka } = config;
  if (kafka.kind !== 'provisioned' || cluster === undefined) return [];
  return Array.from({ length: kafka.brokers }, (_, index): AlarmSpec => {
    // MSK counts brokers from 1.
    const broker = String(index + 1);
    return {
      name: numbered('kafka-disk', index),
      says: `The disk of broker ${broker} is full to ${fullDiskPercent} %. A broker whose disk is full stops.`,
      metric: new Metric({
        namespace: 'AWS/Kafka',
        metricName: 'KafkaDataLogsDiskUsed',
        dimensionsMap: { 'Cluster Name': cluster.name, 'Broker ID': broker },
        statistic: 'Maximum',
        period: fiveMinutes,
      }),
      threshold: fullDiskPercent,
      // One that has stopped for it measures nothing. An alarm over all brokers would look at the others then, and end.
      silence: 'as before',
    };
  });
}

/** How much faster than on the day's average records may come for half an hour: chat has its hours. */
const peak = 3;

/** Records that may wait while nothing is wrong: those of a peak that have not been committed yet. */
function recordsWaiting({ alarms, recordsPerDay, connector }: Config): number {
  const minutes = minutesUntilCommitted(connector.commitMinutes);
  return alarms.recordsWaiting ?? Math.ceil((recordsPerDay * peak * minutes) / (24 * 60));
}

function connectorAlarms({ config, connector, cluster }: ServiceAlarmsProps): AlarmSpec[] {
  if (connector === undefined || cluster === undefined) return [];
  const lagOf = (group: string, topic: string, statistic: string) =>
    new Metric({
      namespace: 'AWS/Kafka',
      metricName: 'SumOffsetLag',
      dimensionsMap: { 'Cluster Name': cluster.name, 'Consumer Group': group, Topic: topic },
      statistic,
      period: fiveMinutes,
    });
  const waiting = cluster.topics.map((topic) => lagOf(consumerGroup(config), topic, 'Maximum'));
  const [lag] = sums(waiting, 'connector-lag', fiveMinutes);
  return [
    {
      name: 'connector-failed',
      says: 'A task of the connector has failed; it does not start again by itself.',
      metric: connector.metricFailedTasks(),
      threshold: 1,
      periods: 2,
      // A connector that measures nothing at all is the next alarm's matter.
      silence: 'fine',
    },
    {
      name: 'connector-stopped',
      says: 'The connector runs no task.',
      metric: connector.metricRunningTasks(),
      threshold: 1,
      below: true,
      periods: 3,
      silence: 'bad',
    },
    ...(lag === undefined
      ? []
      : [
          {
            name: 'connector-lag',
            says: `${recordsWaiting(config)} records or more have waited in Kafka for half an hour.`,
            metric: lag,
            threshold: recordsWaiting(config),
            // Between two commits all new records wait: only a lag that stays is one.
            periods: 6,
            silence: 'fine' as const,
          },
        ]),
    {
      name: 'sink-commits-nothing',
      says: 'The sink has ten commits or more to make: files are written and counted as read, and no table has them.',
      metric: lagOf(coordinatorGroup(config), controlTopic(config), 'Minimum'),
      // Each takes two places of the control topic to begin, two for each task's answer, and what records add.
      threshold: 10 * (2 + 2 * config.connector.tasks),
      // A task that starts answers all commits of two days once more, which stand there until the next one.
      periods: Math.max(6, Math.ceil((2 * config.connector.commitMinutes) / fiveMinutes.toMinutes())),
      silence: 'fine',
    },
  ];
}
