import { cacheDirectory } from './cache-directory.ts';
import { installConnectPlugin } from './install-connect-plugin.ts';
import { installJars } from './install-jars.ts';
import { installPython } from './install-python.ts';
import { installTrino } from './install-trino.ts';

/** Where the things are that the stack is made of. */
export interface Artifacts {
  /** Trino's server, with `lib` and `plugin` in it. */
  readonly trino: string;
  /** Folders of jars. */
  readonly kafkaBroker: string;
  readonly connectWorker: string;
  readonly connectPlugin: string;
  /** A Python interpreter with the AWS emulator. */
  readonly python: string;
}

/** Brings everything that is not in the cache yet. The first time that is about 1.2 GB; later nothing is asked of anybody. */
export async function installArtifacts(environment: NodeJS.ProcessEnv): Promise<Artifacts> {
  const cache = cacheDirectory(environment);
  const python = installPython(cache);
  // Maven's repository takes one writer at a time.
  const trino = await installTrino(cache);
  const kafkaBroker = await installJars(cache, 'kafka-broker');
  const connectWorker = await installJars(cache, 'connect-worker');
  const connectPlugin = await installConnectPlugin(cache);
  return { trino, kafkaBroker, connectWorker, connectPlugin, python: await python };
}
