import type { Topic } from '../../core/catalogue/topic.ts';
import { connectorSettings } from '../../core/ingest/connector-settings.ts';
import type { Pipeline } from '../../core/lake/pipeline.ts';
import type { Settings } from '../../core/settings.ts';

export interface SinkSettingsProps {
  readonly settings: Settings;
  readonly pipelines: readonly Pipeline[];
  readonly bootstrapServers: string;
  readonly controlTopic: string;
  /** What the ids of the sink's transactions begin with. */
  readonly transactionPrefix: string;
  readonly tasks: number;
  readonly commitMinutes: number;
  readonly region: string;
  /** `s3://…` below which the catalogue would put tables that it makes; here it makes none. */
  readonly warehouse: string;
}

/** How a client of Kafka signs in with IAM. Plugins find these classes on the workers of MSK Connect. */
const iamSignIn = {
  'security.protocol': 'SASL_SSL',
  'sasl.mechanism': 'AWS_MSK_IAM',
  'sasl.jaas.config': 'software.amazon.msk.auth.iam.IAMLoginModule required;',
  'sasl.client.callback.handler.class': 'software.amazon.msk.auth.iam.IAMClientCallbackHandler',
} as const;

/** The name that a topic has in Kafka. */
export function topicName(settings: Settings, topic: Topic): string {
  return new Map(Object.entries(settings.topics)).get(topic.key) ?? topic.defaultName;
}

/** All settings of the connector: what may pass, from the catalogue, and where it commits. */
export function sinkSettings(props: SinkSettingsProps): Record<string, string> {
  const { settings, pipelines } = props;
  const admitted = pipelines.flatMap(({ sources }) =>
    sources.map(({ topic, table, rejected }) => ({
      topic,
      name: topicName(settings, topic),
      table: table.name,
      rejectedTable: rejected.name,
    })),
  );
  // The sink opens clients of its own for the control topic, and those know nothing of the workers' settings.
  const own = {
    'bootstrap.servers': props.bootstrapServers,
    // A coordinator has no offset before its first commit. By default one that takes over then begins at the topic's end, and
    // what workers have written and counted as read until then is lost (apache/iceberg#18006).
    'auto.offset.reset': 'earliest',
    ...iamSignIn,
  };
  return {
    'connector.class': 'org.apache.iceberg.connect.IcebergSinkConnector',
    'tasks.max': String(props.tasks),
    ...connectorSettings(settings.database, admitted),
    'iceberg.catalog.catalog-impl': 'org.apache.iceberg.aws.glue.GlueCatalog',
    'iceberg.catalog.io-impl': 'org.apache.iceberg.aws.s3.S3FileIO',
    'iceberg.catalog.warehouse': props.warehouse,
    'iceberg.catalog.client.region': props.region,
    'iceberg.control.topic': props.controlTopic,
    // Each commit leaves a file in each day it touches; more often would be more files for every query to open.
    'iceberg.control.commit.interval-ms': String(props.commitMinutes * 60_000),
    // Rewrites and deletions commit to the same tables. What one commit could not take in, the next one takes.
    'iceberg.control.commit.max-consecutive-failures': '5',
    'iceberg.coordinator.transactional.prefix': props.transactionPrefix,
    ...Object.fromEntries(Object.entries(own).map(([key, value]) => [`iceberg.kafka.${key}`, value])),
  };
}
