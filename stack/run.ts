import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { installArtifacts } from './artifacts/install-artifacts.ts';
import { lakeBucket, Stack } from './stack.ts';
import { StackError } from './stack-error.ts';

const usage = `npm run stack [-- OPTIONS]   starts Trino, Kafka, Kafka Connect, an AWS emulator and Athena on Trino; Ctrl-C ends them

  --dir DIR                  settings, data and logs of the parts (default: .lethe/stack)
  --athena-port PORT         ports (default: free ones)
  --aws-port PORT
  --trino-port PORT
  --kafka-port PORT
  --connect-port PORT
  --trino URL                a Trino of one's own; docs/testing.md says what it has to have
  --kafka HOST:PORT          a Kafka of one's own
`;

const port = { type: 'string' } as const;

function portOf(name: string, text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  if (/^\d{1,5}$/.test(text) && Number(text) <= 65_535) return Number(text);
  throw new StackError(`--${name} ${text} is no port: name a number up to 65535.`);
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      help: { type: 'boolean' },
      dir: { type: 'string' },
      'athena-port': port,
      'aws-port': port,
      'trino-port': port,
      'kafka-port': port,
      'connect-port': port,
      trino: { type: 'string' },
      kafka: { type: 'string' },
    },
  });
  if (values.help === true) {
    process.stdout.write(usage);
    return;
  }
  const began = performance.now();
  const seconds = () => `${((performance.now() - began) / 1_000).toFixed(1).padStart(5)} s`;
  const say = (text: string) => process.stdout.write(`${seconds()}  ${text}\n`);
  const ports = Object.entries({
    athena: portOf('athena-port', values['athena-port']),
    'aws-emulator': portOf('aws-port', values['aws-port']),
    trino: portOf('trino-port', values['trino-port']),
    'kafka-broker': portOf('kafka-port', values['kafka-port']),
    'connect-worker': portOf('connect-port', values['connect-port']),
  }).filter((entry) => entry[1] !== undefined);
  say('looking for the parts; the first time they are downloaded, about 1.2 GB');
  const interrupted = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => interrupted.abort());
  const stack = await Stack.start({
    artifacts: await installArtifacts(process.env),
    directory: resolve(values.dir ?? '.lethe/stack'),
    environment: process.env,
    signal: interrupted.signal,
    ports: Object.fromEntries(ports),
    own: { trino: values.trino, 'kafka-broker': values.kafka },
    onStarted: (part, address) => say(`${part.padEnd(16)}${address}`),
  });
  say(`ready. Tables go to s3://${lakeBucket}, logs are in ${stack.logs}. Ctrl-C ends it.`);
  const ended = new Promise<undefined>((resolved) => {
    interrupted.signal.addEventListener('abort', () => resolved(undefined), { once: true });
    if (interrupted.signal.aborted) resolved(undefined);
  });
  const crash = await Promise.race([ended, stack.crashed]);
  say('ending');
  await stack.close();
  if (crash !== undefined) throw crash;
}

try {
  await main();
} catch (error) {
  const known = error instanceof StackError || (error instanceof TypeError && 'code' in error);
  process.stderr.write(`${known ? error.message : String(error instanceof Error ? error.stack : error)}\n`);
  process.exitCode = 1;
}
