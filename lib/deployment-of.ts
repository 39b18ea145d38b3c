import type { Deployment, KafkaDeployment } from '../core/lake/deployment.ts';
import type { Pipeline } from '../core/lake/pipeline.ts';
import { pipelines as ours } from '../core/pipelines.ts';
import { type Config, environmentFile, readConfig } from './config.ts';
import { busName } from './dsr/erasure-bus.ts';
import { controlTopic, controlTopicDays } from './ingest/bronze-connector.ts';
import { topicName } from './ingest/sink-settings.ts';
import { workGroupName } from './lake/work-groups.ts';
import { storageStackName } from './storage-stack.ts';

/** What the configuration of an environment names. @throws InputError when there is none, or it is wrong. */
export function readDeployment(environment: string): Deployment {
  return deploymentOf(readConfig(environmentFile(environment)), ours);
}

/** What a configuration names, for who looks whether it is there. */
export function deploymentOf(config: Config, pipelines: readonly Pipeline[]): Deployment {
  const kafka = kafkaOf(config, pipelines);
  const { lakeBucket: name, keys } = config;
  return {
    name: config.name,
    database: config.database,
    pipelines,
    workGroups: (['pipeline', 'analysts', 'compliance'] as const).map((whose) => workGroupName(config, whose)),
    scheduleGroup: config.name,
    erasures: { busName: busName(config), requestsTablePrefix: `${storageStackName(config)}-LedgersRequests` },
    schedulesEnabled: config.schedule.enabled,
    ...(config.region === undefined ? {} : { region: config.region }),
    ...(kafka === undefined ? {} : { kafka }),
    ...(name === undefined ? {} : { lakeBucket: { name, ...(keys.lake === undefined ? {} : { keyArn: keys.lake }) } }),
  };
}

function kafkaOf(config: Config, pipelines: readonly Pipeline[]): KafkaDeployment | undefined {
  const { kafka, connector, topicLayout } = config;
  if (kafka.kind === 'none') return undefined;
  const serverless = kafka.kind === 'serverless' || (kafka.kind === 'existing' && kafka.clusterType === 'serverless');
  const topics = pipelines.flatMap(({ sources }) => sources.map(({ topic }) => topicName(config, topic)));
  return {
    controlTopic: controlTopic(config),
    controlTopicDays: controlTopicDays(config),
    mostRetentionDays: topicLayout.retentionDays,
    commitMinutes: connector.commitMinutes,
    ...(kafka.kind === 'existing' ? { clusterArn: kafka.clusterArn } : {}),
    ...(serverless ? {} : { topics }),
    ...(connector.state === 'removed' ? {} : { connectorName: config.name }),
  };
}
