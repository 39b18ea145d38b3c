import { type CloudWatchClient, GetMetricDataCommand } from '@aws-sdk/client-cloudwatch';
import { minutesUntilCommitted } from '../../core/ingest/commit-delay.ts';

export interface LagOfSink {
  readonly client: CloudWatchClient;
  readonly clusterName: string;
  readonly consumerGroup: string;
  readonly topics: readonly string[];
  /** Between two commits of the sink. */
  readonly commitMinutes: number;
}

/** As often as MSK measures: records that come all day leave none waiting for a moment after a commit, and not for minutes. */
const periodSeconds = 60;
const lookBackMillis = 36 * 3_600_000;

/**
 * The last instant, in milliseconds since the epoch, at which the sink's consumers had read all that Kafka held and have
 * had time to commit it since; 0 when there was none. MSK measures the lag of every consumer group at no charge.
 */
export async function lastWithoutLag(
  { client, clusterName, consumerGroup, topics, commitMinutes }: LagOfSink,
  now: Date,
): Promise<number> {
  const { MetricDataResults } = await client.send(
    new GetMetricDataCommand({
      StartTime: new Date(now.getTime() - lookBackMillis),
      EndTime: new Date(now.getTime() - minutesUntilCommitted(commitMinutes) * 60_000),
      ScanBy: 'TimestampDescending',
      MetricDataQueries: topics.map((topic, index) => ({
        Id: `lag${index}`,
        MetricStat: {
          Metric: {
            Namespace: 'AWS/Kafka',
            MetricName: 'SumOffsetLag',
            Dimensions: [
              { Name: 'Cluster Name', Value: clusterName },
              { Name: 'Consumer Group', Value: consumerGroup },
              { Name: 'Topic', Value: topic },
            ],
          },
          Period: periodSeconds,
          Stat: 'Maximum',
        },
      })),
    }),
  );
  const idle = topics.map((_, index) => {
    const { Timestamps = [], Values = [] } = MetricDataResults?.find(({ Id }) => Id === `lag${index}`) ?? {};
    // A measurement stands for the period that begins at its timestamp; only that period's beginning is sure.
    return new Set(Timestamps.filter((_, at) => Values[at] === 0).map((at) => at.getTime()));
  });
  const [first, ...others] = idle;
  const common = [...(first ?? [])].filter((at) => others.every((times) => times.has(at)));
  return Math.max(0, ...common);
}
