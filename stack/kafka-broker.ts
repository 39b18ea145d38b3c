import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { classPath } from './artifacts/class-path.ts';
import { runTool } from './artifacts/run-tool.ts';
import { freePort } from './free-port.ts';
import { findJava } from './java.ts';
import { kafkaLogging } from './kafka-logging.ts';
import type { Part, PartProps } from './part.ts';
import { portOpens } from './port-probe.ts';
import { startProcess } from './started-process.ts';

/** One broker that is its own controller. Topics have to be made; none comes into being by being read. */
export async function startKafkaBroker(props: PartProps & { readonly jars: string }): Promise<Part> {
  const { port, directory, environment } = props;
  const address = `127.0.0.1:${port}`;
  const settings = join(directory, 'server.properties');
  const data = join(directory, 'data');
  const java = findJava(17, 'Kafka', environment);
  const jars = classPath(props.jars);
  const logging = kafkaLogging(directory);
  writeFileSync(settings, await settingsText(address, data));
  if (!existsSync(join(data, 'meta.properties'))) {
    const format = ['format', '--cluster-id', clusterId, '--config', settings];
    await runTool(java, [...logging, '-cp', jars, 'kafka.tools.StorageTool', ...format]);
  }
  const process = await startProcess({
    name: 'kafka-broker',
    command: java,
    args: ['-Xmx512m', ...logging, '-cp', jars, 'kafka.Kafka', settings],
    cwd: directory,
    env: { PATH: environment.PATH },
    logFile: props.logFile,
    signal: props.signal,
    // It opens the port when it has joined the cluster, which is itself.
    isReady: () => portOpens(port),
    readyWithinSeconds: 60,
  });
  return { process, address };
}

/** Any 16 bytes in base64 name a cluster. */
const clusterId = 'bGV0aGUtc3RhY2stMDAwMQ';

async function settingsText(address: string, data: string): Promise<string> {
  const controller = `127.0.0.1:${await freePort()}`;
  const settings = {
    'process.roles': 'broker,controller',
    'node.id': '1',
    'controller.quorum.voters': `1@${controller}`,
    listeners: `PLAINTEXT://${address},CONTROLLER://${controller}`,
    'advertised.listeners': `PLAINTEXT://${address}`,
    'controller.listener.names': 'CONTROLLER',
    'log.dirs': data,
    'auto.create.topics.enable': 'false',
    'offsets.topic.replication.factor': '1',
    'transaction.state.log.replication.factor': '1',
    'transaction.state.log.min.isr': '1',
    // Few partitions: fifty, the default, take a second to open.
    'offsets.topic.num.partitions': '4',
    'transaction.state.log.num.partitions': '4',
    // A group that has one member waits for no other.
    'group.initial.rebalance.delay.ms': '0',
    'message.max.bytes': '8388608',
  };
  return Object.entries(settings)
    .map(([key, value]) => `${key}=${value}\n`)
    .join('');
}
