import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { classPath } from './artifacts/class-path.ts';
import { answers } from './http-probe.ts';
import { findJava } from './java.ts';
import { kafkaLogging } from './kafka-logging.ts';
import { emulatorEnvironment, type Part, type PartProps } from './part.ts';
import { startProcess } from './started-process.ts';

export interface ConnectWorkerProps extends PartProps {
  readonly jars: string;
  /** The unpacked plugin: a folder of jars. */
  readonly plugin: string;
  readonly bootstrapServers: string;
  readonly awsUrl: string;
  /** What MSK Connect's workers would be given besides what it sets itself, as properties. Default: nothing. */
  readonly workerProperties?: string;
}

/** One worker in distributed mode, as MSK Connect runs it; connectors are made through its REST interface. */
export async function startConnectWorker(props: ConnectWorkerProps): Promise<Part> {
  const { port, directory, environment } = props;
  const address = `http://127.0.0.1:${port}`;
  const settings = join(directory, 'worker.properties');
  writeFileSync(settings, settingsText(props));
  const process = await startProcess({
    name: 'connect-worker',
    command: findJava(17, 'Kafka Connect', environment),
    args: [
      '-Xmx700m',
      ...kafkaLogging(directory),
      '-cp',
      classPath(props.jars),
      'org.apache.kafka.connect.cli.ConnectDistributed',
      settings,
    ],
    cwd: directory,
    env: { PATH: environment.PATH, HOME: directory, ...emulatorEnvironment(props.awsUrl) },
    logFile: props.logFile,
    signal: props.signal,
    isReady: () => answers(`${address}/connectors`),
    readyWithinSeconds: 120,
  });
  return { process, address };
}

function settingsText({ port, plugin, bootstrapServers, workerProperties }: ConnectWorkerProps): string {
  const settings = {
    'bootstrap.servers': bootstrapServers,
    'group.id': 'stack-connect',
    'config.storage.topic': 'stack-connect-configs',
    'offset.storage.topic': 'stack-connect-offsets',
    'status.storage.topic': 'stack-connect-status',
    'config.storage.replication.factor': '1',
    'offset.storage.replication.factor': '1',
    'status.storage.replication.factor': '1',
    'offset.storage.partitions': '1',
    'status.storage.partitions': '1',
    'key.converter': 'org.apache.kafka.connect.converters.ByteArrayConverter',
    'value.converter': 'org.apache.kafka.connect.converters.ByteArrayConverter',
    'offset.flush.interval.ms': '10000',
    listeners: `http://127.0.0.1:${port}`,
    'rest.advertised.host.name': '127.0.0.1',
    // Every folder in it is a plugin with a class loader of its own.
    'plugin.path': join(plugin, '..'),
    // A killed worker's tasks are taken up again this soon, and not after five minutes.
    'scheduled.rebalance.max.delay.ms': '0',
  };
  const own = Object.entries(settings).map(([key, value]) => `${key}=${value}\n`);
  // Properties later in a file win.
  return `${own.join('')}${workerProperties ?? ''}`;
}
