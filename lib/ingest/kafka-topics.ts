import { CfnTopic } from 'aws-cdk-lib/aws-msk';
import { Construct, Dependable, type IDependable } from 'constructs';
import type { Config } from '../config.ts';

export interface KafkaTopicsProps {
  readonly clusterArn: string;
  readonly layout: Config['topicLayout'];
  /** Topics of records. */
  readonly topics: readonly string[];
  readonly controlTopic: string;
}

/** The topics, with a retention that bounds how long an erased person's records can come back. */
export class KafkaTopics extends Construct implements IDependable {
  constructor(scope: Construct, id: string, { clusterArn, layout, topics, controlTopic }: KafkaTopicsProps) {
    super(scope, id);
    const { replicationFactor } = layout;
    const configs = configsOf({
      'retention.ms': String(layout.retentionDays * 86_400_000),
      'cleanup.policy': 'delete',
    });
    const all = topics.map(
      (topicName) =>
        new CfnTopic(this, topicName, {
          clusterArn,
          topicName,
          partitionCount: layout.partitions,
          replicationFactor,
          configs,
        }),
    );
    // The sink's workers and its coordinator agree here on what to commit: in one order, so in one partition.
    all.push(
      new CfnTopic(this, 'Control', {
        clusterArn,
        topicName: controlTopic,
        partitionCount: 1,
        replicationFactor,
        configs,
      }),
    );
    Dependable.implement(this, { dependencyRoots: all });
  }
}

/** MSK takes a topic's settings as one JSON object of texts, in base64. */
function configsOf(settings: Record<string, string>): string {
  return Buffer.from(JSON.stringify(settings)).toString('base64');
}
