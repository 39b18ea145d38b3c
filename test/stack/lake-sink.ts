import { randomUUID } from 'node:crypto';
import { chatPipeline } from '../../core/chat/pipeline.ts';
import type { Settings } from '../../core/settings.ts';
import { startBronzeSink } from '../../stack/bronze-sink.ts';
import { KafkaClient, type RecordValues } from '../../stack/kafka/kafka-client.ts';
import { type StackAddresses, stackAddresses } from './stack-addresses.ts';

/** A sink's name and those of its topics: the settings of its lake say them before there is a sink. */
export interface SinkNames {
  readonly sink: string;
  readonly topicNames: { readonly chat: string; readonly tool: string };
}

/** The real sink, from topics of its own into a lake's bronze. */
export interface LakeSink extends SinkNames {
  readonly kafka: KafkaClient;
  send(topic: 'chat' | 'tool', values: RecordValues, perSecond?: number): Promise<void>;
}

export interface LakeSinkOptions extends SinkNames {
  /** Those of the lake, the topics' names among them. */
  readonly settings: Settings;
  /** Below which the lake's tables lie, such as `s3://bucket/folder`. */
  readonly location: string;
  /** Partitions of each topic. Default: 3. */
  readonly partitions?: number;
  /** Default: the stack's. */
  readonly commitSeconds?: number;
  /** Chats that are in their topic before the sink starts. Default: none. */
  readonly waiting?: RecordValues;
  /** Where everything is. Default: the suite's stack. */
  readonly stack?: Pick<StackAddresses, 'awsUrl' | 'bootstrapServers' | 'connectUrl'>;
}

/** Names that no other sink has. */
export function newSinkNames(): SinkNames {
  const sink = `sink-${randomUUID().slice(0, 8)}`;
  return { sink, topicNames: { chat: `${sink}-chat`, tool: `${sink}-tool` } };
}

/** Makes topics and a sink from them into tables that are there. */
export async function startLakeSink(options: LakeSinkOptions): Promise<LakeSink> {
  const { sink, topicNames, settings, location, partitions, commitSeconds } = options;
  const { awsUrl, bootstrapServers, connectUrl } = options.stack ?? stackAddresses();
  const jars = stackAddresses().artifacts.kafkaBroker;
  const kafka = new KafkaClient({ bootstrapServers, jars, environment: process.env });
  if (options.waiting !== undefined) {
    await kafka.createTopic(topicNames.chat, partitions ?? 3);
    await kafka.send(topicNames.chat, options.waiting);
  }
  await startBronzeSink({
    connectUrl,
    awsUrl,
    bootstrapServers,
    kafka,
    settings,
    pipelines: [chatPipeline],
    name: sink,
    warehouse: `${location}/`,
    ...(partitions === undefined ? {} : { partitions }),
    ...(commitSeconds === undefined ? {} : { commitSeconds }),
  });
  return {
    sink,
    topicNames,
    kafka,
    send: (topic, values, perSecond) => kafka.send(topicNames[topic], values, perSecond),
  };
}

/** Ends a sink; its topics stay. */
export async function removeLakeSink(sink: string, connectUrl = stackAddresses().connectUrl): Promise<void> {
  await fetch(`${connectUrl}/connectors/${sink}`, { method: 'DELETE' });
}
