import type { Pipeline } from '../../core/lake/pipeline.ts';
import type { ErasureSettings, TaskSettings } from '../../core/lake/task-settings.ts';
import type { Settings } from '../../core/settings.ts';
import type { Config } from '../config.ts';
import { consumerGroup } from '../ingest/bronze-connector.ts';
import type { KafkaCluster } from '../ingest/kafka-cluster.ts';
import { topicName } from '../ingest/sink-settings.ts';

export interface TaskSettingsProps {
  readonly config: Config;
  readonly pipelines: readonly Pipeline[];
  readonly workGroup: string;
  readonly ledgerTable: string;
  readonly erasures: ErasureSettings;
  /** Default: there is no Kafka. */
  readonly cluster: KafkaCluster | undefined;
}

/** What tasks are told about their deployment. */
export function taskSettingsOf(props: TaskSettingsProps): TaskSettings {
  const { config, pipelines, workGroup, ledgerTable, erasures, cluster } = props;
  const topics = pipelines.flatMap(({ sources }) => sources.map(({ topic }) => topicName(config, topic)));
  const sinkLag = cluster && {
    clusterName: cluster.clusterName,
    consumerGroup: consumerGroup(config),
    topics,
    commitMinutes: config.connector.commitMinutes,
  };
  return {
    environment: config.name,
    settings: settingsOf(config),
    workGroup,
    ledgerTable,
    erasures,
    ...(sinkLag === undefined ? {} : { sinkLag }),
  };
}

/** The settings of the data in an environment's configuration, without those of the deployment. */
export function settingsOf(config: Config): Settings {
  const { database, retentionDays, lookbackDays, weekStart, minimumUsersPerCell, platforms, quality, topics } = config;
  return {
    database,
    retentionDays,
    lookbackDays,
    weekStart,
    minimumUsersPerCell,
    quality,
    topics,
    ...(platforms === undefined ? {} : { platforms }),
  };
}
