import {
  DescribeClusterV2Command,
  DescribeTopicCommand,
  type KafkaClient,
  ListClustersV2Command,
} from '@aws-sdk/client-kafka';
import { type KafkaConnectClient, ListConnectorsCommand } from '@aws-sdk/client-kafkaconnect';
import { z } from 'zod';
import type { KafkaDeployment } from '../../core/lake/deployment.ts';
import { type Finding, fault, looked, warning, well } from './finding.ts';

export interface KafkaClients {
  readonly kafka: KafkaClient;
  readonly connect: KafkaConnectClient;
}

const deploy = 'Deploy the environment: npx cdk deploy --all -c env=NAME.';
const dayMillis = 86_400_000;
const topicConfigs = z.record(z.string(), z.string());

/** Looks at the cluster, its topics and the connector. */
export async function checkKafka(name: string, kafka: KafkaDeployment, clients: KafkaClients): Promise<Finding[]> {
  const found: { clusterArn?: string } = {};
  const findings = await looked('cluster', async () => {
    const clusterArn = kafka.clusterArn ?? (await arnByName(name, clients.kafka));
    if (clusterArn === undefined) return [fault('cluster', `there is none named ${name}`, deploy)];
    found.clusterArn = clusterArn;
    const { ClusterInfo } = await clients.kafka.send(new DescribeClusterV2Command({ ClusterArn: clusterArn }));
    const state = ClusterInfo?.State ?? 'unknown';
    return state === 'ACTIVE'
      ? [well('cluster', 'is active')]
      : [fault('cluster', `is ${state}`, 'Wait until it is ACTIVE, or see why it is not in the MSK console.')];
  });
  const { clusterArn } = found;
  if (clusterArn !== undefined) findings.push(...(await checkTopics(clusterArn, kafka, clients.kafka)));
  findings.push(...(await checkConnector(kafka, clients.connect)));
  return findings;
}

async function arnByName(name: string, client: KafkaClient): Promise<string | undefined> {
  const { ClusterInfoList } = await client.send(new ListClustersV2Command({ ClusterNameFilter: name }));
  return ClusterInfoList?.find(({ ClusterName }) => ClusterName === name)?.ClusterArn;
}

async function checkTopics(clusterArn: string, kafka: KafkaDeployment, client: KafkaClient): Promise<Finding[]> {
  if (kafka.topics === undefined) {
    const by = 'Look with a Kafka client: docs/deploy.md, "Topics on MSK Serverless".';
    return [warning('topics', 'MSK Serverless does not show its topics', by)];
  }
  const findings: Finding[] = [];
  for (const topic of [...kafka.topics, kafka.controlTopic]) {
    const what = `topic ${topic}`;
    const check = async () => {
      const described = await client.send(new DescribeTopicCommand({ ClusterArn: clusterArn, TopicName: topic }));
      if (topic === kafka.controlTopic && described.PartitionCount !== 1) {
        const remedy = 'Make it again with one partition: commits have to be agreed on in one order.';
        return [fault(what, `has ${described.PartitionCount} partitions`, remedy)];
      }
      return [
        topic === kafka.controlTopic
          ? retentionOf(
              what,
              described.Configs,
              kafka.controlTopicDays,
              'each task of the sink that starts reads all of it',
            )
          : retentionOf(what, described.Configs, kafka.mostRetentionDays, erasureWaits),
      ];
    };
    findings.push(
      ...(await looked(what, check, {
        NotFoundException: 'Create it, or set kafka.manageTopics to true and deploy again.',
        UnknownTopicOrPartitionException: 'Create it, or set kafka.manageTopics to true and deploy again.',
      })),
    );
  }
  return findings;
}

const erasureWaits = 'an erasure is not complete before Kafka has forgotten';

function retentionOf(what: string, configs: string | undefined, mostDays: number, why: string): Finding {
  const remedy = `Set its retention.ms to ${mostDays * dayMillis} or less: ${why}.`;
  const parsed = topicConfigs.safeParse(jsonOf(Buffer.from(configs ?? '', 'base64').toString()));
  const millis = Number(parsed.data?.['retention.ms'] ?? Number.NaN);
  if (Number.isNaN(millis)) return warning(what, 'does not say how long it keeps records', remedy);
  if (millis < 0 || millis > mostDays * dayMillis) {
    return fault(what, `keeps records for ${millis < 0 ? 'ever' : `${millis / dayMillis} days`}`, remedy);
  }
  // Kafka deletes whole segments, whose newest record is old enough. Its default is a week.
  const segment = Number(parsed.data?.['segment.ms'] ?? 7 * dayMillis);
  if (segment > dayMillis) {
    const kept = (millis + segment) / dayMillis;
    const smaller = `Set its segment.ms to ${dayMillis} or less: only whole segments are deleted.`;
    return warning(what, `keeps records for up to ${kept} days`, smaller);
  }
  return well(what, `keeps records for ${millis / dayMillis} days`);
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function checkConnector({ connectorName }: KafkaDeployment, client: KafkaConnectClient): Promise<Finding[]> {
  return looked('connector', async () => {
    if (connectorName === undefined) {
      const remedy = 'Set connector.state to running and deploy, once the new plugin is built (docs/upgrade.md).';
      return [warning('connector', 'is removed by the configuration: nothing reaches bronze', remedy)];
    }
    const { connectors } = await client.send(new ListConnectorsCommand({ connectorNamePrefix: connectorName }));
    const state = connectors?.find((one) => one.connectorName === connectorName)?.connectorState;
    if (state === 'RUNNING') return [well('connector', 'is running')];
    if (state === undefined) return [fault('connector', 'is not there', deploy)];
    const remedy =
      "Read the last lines of the connector's log group; a task that failed stays failed until it is made again.";
    return [fault('connector', `is ${state}`, remedy)];
  });
}
