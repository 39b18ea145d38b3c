import type { RemovalPolicy } from 'aws-cdk-lib';
import { CfnTopic } from 'aws-cdk-lib/aws-msk';
import { Construct } from 'constructs';
import type { Config } from '../config.ts';

export interface KafkaTopicsProps {
  readonly clusterArn: string;
  readonly layout: Config['topicLayout'];
  /** Topics of records. */
  readonly topics: readonly string[];
  readonly controlTopic: string;
  readonly controlTopicDays: number;
  readonly removalPolicy: RemovalPolicy;
}

/**
 * The topics, with a retention that bounds how long an erased person's records can come back. They hold what nobody has read
 * yet; and a control topic that was made anew would begin at 0, behind the offsets that the sink has written down with its
 * tables: it would commit nothing until it has passed them.
 */
export class KafkaTopics extends Construct {
  constructor(scope: Construct, id: string, props: KafkaTopicsProps) {
    const { clusterArn, layout, topics, controlTopic, removalPolicy } = props;
    super(scope, id);
    const { replicationFactor } = layout;
    const all = topics.map(
      (topicName) =>
        new CfnTopic(this, topicName, {
          clusterArn,
          topicName,
          partitionCount: layout.partitions,
          replicationFactor,
          configs: keptFor(layout.retentionDays, 24),
        }),
    );
    // The sink's workers and its coordinator agree here on what to commit: in one order, so in one partition.
    all.push(
      new CfnTopic(this, 'Control', {
        clusterArn,
        topicName: controlTopic,
        partitionCount: 1,
        replicationFactor,
        configs: keptFor(props.controlTopicDays, 3),
      }),
    );
    for (const topic of all) topic.applyRemovalPolicy(removalPolicy);
  }
}

/**
 * Kafka deletes whole segments, each when its newest record is old enough: with its default of a week a segment, a record
 * would stay twice as long. MSK takes a topic's settings as one JSON object of texts, in base64.
 */
function keptFor(days: number, segmentHours: number): string {
  const settings = {
    'retention.ms': String(days * 86_400_000),
    'segment.ms': String(segmentHours * 3_600_000),
    'cleanup.policy': 'delete',
  };
  return Buffer.from(JSON.stringify(settings)).toString('base64');
}
