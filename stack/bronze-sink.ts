import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import type { Pipeline } from '../core/lake/pipeline.ts';
import type { Settings } from '../core/settings.ts';
import { sinkSettings, topicName } from '../lib/ingest/sink-settings.ts';
import type { KafkaClient } from './kafka/kafka-client.ts';
import { emulatorRegion } from './part.ts';
import { StackError } from './stack-error.ts';

export interface BronzeSinkProps {
  readonly connectUrl: string;
  readonly awsUrl: string;
  readonly bootstrapServers: string;
  readonly kafka: KafkaClient;
  readonly settings: Settings;
  readonly pipelines: readonly Pipeline[];
  /** The connector's name: its consumers' group is `connect-NAME`. */
  readonly name: string;
  /** `s3://…/` */
  readonly warehouse: string;
  /** Partitions of each topic. Default: 3. */
  readonly partitions?: number;
  /** Default: 5 seconds, where a deployment has minutes. */
  readonly commitSeconds?: number;
}

const statusSchema = z.object({
  connector: z.object({ state: z.string() }),
  tasks: z.array(z.object({ state: z.string(), trace: z.string().optional() })),
});

/**
 * What the template gives MSK Connect, with nothing changed but where Kafka and AWS are, how one signs in, and how long
 * a commit waits for more.
 */
export function emulatedSinkSettings(props: BronzeSinkProps): Record<string, string> {
  const deployed = sinkSettings({
    settings: props.settings,
    pipelines: props.pipelines,
    bootstrapServers: props.bootstrapServers,
    controlTopic: controlTopic(props.name),
    transactionPrefix: `${props.name}-`,
    // More than one, so that they have to agree.
    tasks: 2,
    commitMinutes: 1,
    region: emulatorRegion,
    warehouse: props.warehouse,
  });
  const signIn = /^iceberg\.kafka\.(security|sasl)\./;
  return {
    ...Object.fromEntries(Object.entries(deployed).filter(([key]) => !signIn.test(key))),
    'iceberg.control.commit.interval-ms': String((props.commitSeconds ?? 5) * 1_000),
    'iceberg.catalog.glue.endpoint': props.awsUrl,
    'iceberg.catalog.s3.endpoint': props.awsUrl,
    'iceberg.catalog.s3.path-style-access': 'true',
  };
}

/** Makes the topics and the connector between them and the tables, which have to be there, and waits until its tasks run. */
export async function startBronzeSink(props: BronzeSinkProps): Promise<void> {
  const { kafka, settings, pipelines, connectUrl, name } = props;
  const topics = pipelines.flatMap(({ sources }) => sources.map(({ topic }) => topicName(settings, topic)));
  for (const topic of new Set(topics)) await kafka.createTopic(topic, props.partitions ?? 3);
  // The sink's coordinator reads all of it: it has one partition, always.
  await kafka.createTopic(controlTopic(name), 1);
  const response = await fetch(`${connectUrl}/connectors/${name}/config`, {
    method: 'PUT',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(emulatedSinkSettings(props)),
  });
  if (!response.ok) throw new StackError(`Kafka Connect refuses the sink: ${await response.text()}`);
  await untilSinkRuns(connectUrl, name);
}

function controlTopic(name: string): string {
  return `${name}-control`;
}

/** Waits until the connector and all its tasks run. @throws StackError when one has failed, or after 90 s. */
export async function untilSinkRuns(connectUrl: string, name: string): Promise<void> {
  const deadline = Date.now() + 90_000;
  while (Date.now() < deadline) {
    const states = await sinkStates(connectUrl, name);
    if (states.length > 1 && states.every((state) => state === 'RUNNING')) return;
    await sleep(300);
  }
  throw new StackError(`The sink ${name} does not run: ${(await sinkStates(connectUrl, name)).join(', ')}.`);
}

/** The states of the connector and of its tasks; none while nothing is known. @throws StackError when a task has failed. */
export async function sinkStates(connectUrl: string, name: string): Promise<string[]> {
  const response = await fetch(`${connectUrl}/connectors/${name}/status`).catch(() => undefined);
  if (response?.ok !== true) return [];
  const { connector, tasks } = statusSchema.parse(await response.json());
  const failed = tasks.find(({ state }) => state === 'FAILED');
  if (failed !== undefined) throw new StackError(`A task of the sink ${name} has failed:\n${failed.trace ?? ''}`);
  return [connector.state, ...tasks.map(({ state }) => state)];
}
