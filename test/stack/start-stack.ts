import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { installArtifacts } from '../../stack/artifacts/install-artifacts.ts';
import { emulatorEnvironment } from '../../stack/part.ts';
import { Stack } from '../../stack/stack.ts';
import { endHeldStack, holdStack } from './held-stack.ts';
import { type StackAddresses, stackAddresses, stackVariable } from './stack-addresses.ts';

/** Starts the stack that all files of the suite share, unless the environment names one that runs. Its folder stays until the suite has ended. */
export default async function startStack(): Promise<void> {
  if (process.env[stackVariable] !== undefined) {
    Object.assign(process.env, emulatorEnvironment(stackAddresses().awsUrl));
    return;
  }
  const began = performance.now();
  const interrupted = new AbortController();
  // The parts have process groups of their own: what ends jest would leave them running.
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.once(signal, () => {
      interrupted.abort();
      // One that is still starting gives up by itself.
      void endHeldStack().then((ended) => ended && process.exit(1));
    });
  }
  const artifacts = await installArtifacts(process.env);
  const directory = mkdtempSync(join(tmpdir(), 'lethe-stack-'));
  const stack = await Stack.start({
    artifacts,
    directory,
    environment: process.env,
    policies: 'enforced',
    signal: interrupted.signal,
  });
  holdStack(stack, directory);
  const addresses: StackAddresses = {
    athenaUrl: stack.athenaUrl,
    trinoUrl: stack.trinoUrl,
    awsUrl: stack.awsUrl,
    glueUrl: stack.glueUrl,
    bootstrapServers: stack.bootstrapServers,
    connectUrl: stack.connectUrl,
    artifacts,
    directory,
    processes: {
      'aws-emulator': stack.pidOf('aws-emulator'),
      trino: stack.pidOf('trino'),
      'kafka-broker': stack.pidOf('kafka-broker'),
      'connect-worker': stack.pidOf('connect-worker'),
    },
  };
  Object.assign(process.env, emulatorEnvironment(stack.awsUrl), { [stackVariable]: JSON.stringify(addresses) });
  process.stdout.write(
    `\nThe stack was up after ${((performance.now() - began) / 1_000).toFixed(0)} s: ${directory}\n`,
  );
}
