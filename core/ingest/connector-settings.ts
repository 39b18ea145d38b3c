import type { Topic, TopicField } from '../catalogue/topic.ts';
import { DeclarationError } from '../errors.ts';
import { maxRecordBytes } from './admit.ts';

/** A Kafka topic, what it is declared to hold, and the tables that its records go to. */
export interface AdmittedTopic {
  readonly topic: Topic;
  /** Its name in Kafka. */
  readonly name: string;
  /** The table of admitted records, without its database. */
  readonly table: string;
  readonly rejectedTable: string;
}

/**
 * The settings of a Kafka Connect sink by which every topic's records pass `AdmitToBronze` under that topic's declaration, and the
 * Iceberg sink routes what comes out of it to the tables of `database`.
 */
export function connectorSettings(database: string, topics: readonly AdmittedTopic[]): Record<string, string> {
  const tables = [...new Set(topics.flatMap(({ table, rejectedTable }) => [table, rejectedTable]))];
  const settings: Record<string, string> = {
    // Bytes as they came: with any other converter one broken record stops the connector.
    'key.converter': 'org.apache.kafka.connect.converters.ByteArrayConverter',
    'value.converter': 'org.apache.kafka.connect.converters.ByteArrayConverter',
    topics: topics.map(({ name }) => name).join(','),
    transforms: topics.map(({ topic }) => `admit-${topic.key}`).join(','),
    predicates: topics.map(({ topic }) => `is-${topic.key}`).join(','),
    'iceberg.tables': tables.map((table) => `${database}.${table}`).join(','),
    'iceberg.tables.route-field': '_f',
    // It would add a column for any field it does not know.
    'iceberg.tables.evolve-schema-enabled': 'false',
    'iceberg.tables.auto-create-enabled': 'false',
  };
  for (const table of tables) settings[`iceberg.table.${database}.${table}.route-regex`] = table;
  for (const { topic, name, table, rejectedTable } of topics) {
    const transform = `transforms.admit-${topic.key}`;
    settings[`${transform}.type`] = 'dev.lethe.connect.AdmitToBronze';
    settings[`${transform}.predicate`] = `is-${topic.key}`;
    settings[`${transform}.fields`] = topic.fields.map(spelling).join(',');
    settings[`${transform}.event.time`] = topic.eventTime;
    settings[`${transform}.day`] = topic.day;
    settings[`${transform}.table`] = table;
    settings[`${transform}.rejected.table`] = rejectedTable;
    settings[`${transform}.max.bytes`] = String(maxRecordBytes);
    settings[`predicates.is-${topic.key}.type`] = 'org.apache.kafka.connect.transforms.predicates.TopicNameMatches';
    settings[`predicates.is-${topic.key}.pattern`] = name.replace(/[^A-Za-z0-9_-]/g, '\\$&');
  }
  return settings;
}

function spelling({ name, kind, required }: TopicField): string {
  if (!/^[a-z][a-z0-9_]*$/.test(name))
    throw new DeclarationError(`a connector cannot be told of a field named ${name}`);
  return required ? `${name}:${kind}:required` : `${name}:${kind}`;
}
