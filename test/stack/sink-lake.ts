import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { chatPipeline } from '../../core/chat/pipeline.ts';
import type { Settings } from '../../core/settings.ts';
import { startBronzeSink } from '../../stack/bronze-sink.ts';
import { KafkaClient, type RecordValue } from '../../stack/kafka/kafka-client.ts';
import { lakeBucket } from '../../stack/stack.ts';
import { type StackAddresses, stackAddresses } from './stack-addresses.ts';
import { openTrinoLake, type TrinoLake } from './trino-lake.ts';

/** A lake whose bronze the real sink fills from topics of its own. */
export interface SinkLake extends TrinoLake {
  readonly sink: string;
  readonly kafka: KafkaClient;
  readonly topicNames: { readonly chat: string; readonly tool: string };
  send(topic: 'chat' | 'tool', values: Iterable<RecordValue>, perSecond?: number): Promise<void>;
  /** Waits until bronze holds so many records, accepted and rejected ones together. */
  untilStored(records: number, withinSeconds: number): Promise<void>;
}

export interface SinkLakeOptions {
  readonly settings?: Partial<Settings>;
  readonly at?: Date;
  /** Partitions of each topic. Default: 3. */
  readonly partitions?: number;
  /** A database with the tables in it, and where they lie. Default: one of its own, with the tables made. */
  readonly database?: string;
  readonly location?: string;
  /** Where everything is. Default: the suite's stack. */
  readonly stack?: Pick<StackAddresses, 'athenaUrl' | 'awsUrl' | 'bootstrapServers' | 'connectUrl'>;
}

/** Makes a database, topics and a sink between them. */
export async function openSinkLake(options: SinkLakeOptions = {}): Promise<SinkLake> {
  const { artifacts } = stackAddresses();
  const { athenaUrl, awsUrl, bootstrapServers, connectUrl } = options.stack ?? stackAddresses();
  const name = `sink-${randomUUID().slice(0, 8)}`;
  const topicNames = { chat: `${name}-chat`, tool: `${name}-tool` };
  const location = options.location ?? `s3://${lakeBucket}/${name}`;
  const lake = await openTrinoLake({
    athenaUrl,
    location,
    settings: { ...options.settings, topics: topicNames },
    ...(options.at === undefined ? {} : { at: options.at }),
    ...(options.database === undefined ? {} : { database: options.database }),
  });
  const kafka = new KafkaClient({ bootstrapServers, jars: artifacts.kafkaBroker, environment: process.env });
  await startBronzeSink({
    connectUrl,
    awsUrl,
    bootstrapServers,
    kafka,
    settings: lake.runtime.settings,
    pipelines: [chatPipeline],
    name,
    warehouse: `${location}/`,
    ...(options.partitions === undefined ? {} : { partitions: options.partitions }),
  });
  const close = lake.close;
  return Object.assign(lake, {
    sink: name,
    kafka,
    topicNames,
    send: (topic: 'chat' | 'tool', values: Iterable<RecordValue>, perSecond?: number) =>
      kafka.send(topicNames[topic], values, perSecond),
    untilStored: (records: number, withinSeconds: number) => untilStored(lake, records, withinSeconds),
    close: async () => {
      await fetch(`${connectUrl}/connectors/${name}`, { method: 'DELETE' });
      await close();
    },
  });
}

async function untilStored(lake: TrinoLake, records: number, withinSeconds: number): Promise<void> {
  const deadline = Date.now() + withinSeconds * 1_000;
  let stored = -1;
  while (Date.now() < deadline) {
    const [counted] = await lake.query(
      `select (select count(*) from bronze_chat_events) + (select count(*) from bronze_tool_calls)
         + (select count(*) from bronze_rejected_records) as stored`,
    );
    stored = Number(counted?.stored);
    if (stored === records) return;
    if (stored > records) break;
    await sleep(1_000);
  }
  throw new Error(`bronze holds ${stored} records, ${records} were sent`);
}
