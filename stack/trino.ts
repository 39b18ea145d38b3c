import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { TrinoClient } from '../local/athena/trino-client.ts';
import { catalogueName } from '../local/athena/trino-engine.ts';
import { classPath } from './artifacts/class-path.ts';
import { findJava } from './java.ts';
import { emulatorCredentials, emulatorRegion, type Part, type PartProps } from './part.ts';
import { startProcess } from './started-process.ts';

export interface TrinoProps extends PartProps {
  /** The unpacked server, with `lib` and `plugin` in it. */
  readonly server: string;
  /** Where Glue and S3 are. */
  readonly awsUrl: string;
  /** Folder of new databases that name no location of their own. */
  readonly warehouse: string;
}

/** One Trino as coordinator and worker, its catalogue of Iceberg tables under Athena's name for it. */
export async function startTrino(props: TrinoProps): Promise<Part> {
  const { port, directory } = props;
  const address = `http://127.0.0.1:${port}`;
  const etc = writeSettings(props);
  const process = await startProcess({
    name: 'trino',
    command: findJava(25, 'Trino', props.environment),
    args: [...jvm, `-Dconfig=${join(etc, 'config.properties')}`, '-cp', classPath(join(props.server, 'lib')), main],
    cwd: directory,
    env: { PATH: props.environment.PATH },
    logFile: props.logFile,
    signal: props.signal,
    isReady: () => readsTable(address),
    readyWithinSeconds: 300,
  });
  return { process, address };
}

const main = 'io.trino.server.TrinoServer';

/**
 * As Trino's guide has it, but for heap and collector: every statement leaves classes and plans that live for a second, and to
 * find that out G1's concurrent threads took a seventh of all processor time on two cores, with the 1500 MB that are enough.
 */
const jvm = [
  '-Xmx3g',
  '-XX:+UseParallelGC',
  '-XX:MetaspaceSize=1g',
  '-XX:+ExitOnOutOfMemoryError',
  '-XX:-OmitStackTraceInFastThrow',
  '-XX:ReservedCodeCacheSize=256M',
  '-Djdk.attach.allowAttachSelf=true',
  '-Dfile.encoding=UTF-8',
  '--add-modules=jdk.incubator.vector',
  // Its log's time would be the machine's zone.
  '-Duser.timezone=UTC',
];

function writeSettings({ port, directory, server, awsUrl, warehouse }: TrinoProps): string {
  const etc = join(directory, 'etc');
  const catalogues = join(etc, 'catalog');
  mkdirSync(catalogues, { recursive: true });
  const write = (path: string, settings: Record<string, string>) =>
    writeFileSync(
      path,
      Object.entries(settings)
        .map(([name, value]) => `${name}=${value}\n`)
        .join(''),
    );
  write(join(etc, 'config.properties'), {
    'node.environment': 'stack',
    'plugin.dir': join(server, 'plugin'),
    'catalog.config-dir': catalogues,
    'catalog.management': 'static',
    coordinator: 'true',
    'node-scheduler.include-coordinator': 'true',
    'http-server.http.port': String(port),
    'discovery.uri': `http://127.0.0.1:${port}`,
    'query.max-memory-per-node': '800MB',
    'memory.heap-headroom-per-node': '600MB',
    'task.concurrency': '2',
    // It grows by 10 MB in 25 minutes.
    'http-server.log.enabled': 'false',
    // Statements can hold identifiers: none is kept longer than its reader needs.
    'query.min-expire-age': '1m',
    'query.max-history': '20',
  });
  const glue = {
    'hive.metastore.glue.region': emulatorRegion,
    'hive.metastore.glue.endpoint-url': awsUrl,
    'hive.metastore.glue.aws-access-key': emulatorCredentials.accessKeyId,
    'hive.metastore.glue.aws-secret-key': emulatorCredentials.secretAccessKey,
    'hive.metastore.glue.default-warehouse-dir': warehouse,
  };
  const s3 = {
    'fs.native-s3.enabled': 'true',
    's3.endpoint': awsUrl,
    's3.region': emulatorRegion,
    's3.path-style-access': 'true',
    's3.aws-access-key': emulatorCredentials.accessKeyId,
    's3.aws-secret-key': emulatorCredentials.secretAccessKey,
  };
  write(join(catalogues, `${catalogueName}.properties`), {
    'connector.name': 'iceberg',
    'iceberg.catalog.type': 'glue',
    'iceberg.hive-catalog-name': 'hive',
    // Athena keeps its own properties with a table, and has no least age of what VACUUM may remove.
    'iceberg.allowed-extra-properties': '*',
    'iceberg.expire-snapshots.min-retention': '0s',
    'iceberg.remove-orphan-files.min-retention': '0s',
    // Small files would be read whole and small gaps with them: bytes would not tell which columns a statement reads.
    'parquet.small-file-threshold': '0B',
    'parquet.max-merge-distance': '0B',
    ...glue,
    ...s3,
  });
  // Together with the setting above either catalogue shows the other's tables, as Athena's one does.
  write(join(catalogues, 'hive.properties'), {
    'connector.name': 'hive',
    'hive.metastore': 'glue',
    'hive.iceberg-catalog-name': catalogueName,
    'hive.non-managed-table-writes-enabled': 'true',
    ...glue,
    ...s3,
  });
  write(join(catalogues, 'tpch.properties'), { 'connector.name': 'tpch' });
  return etc;
}

/** `select 1` and /v1/info answer earlier, when a write still fails with NO_NODES_AVAILABLE. */
async function readsTable(address: string): Promise<boolean> {
  const client = new TrinoClient({ url: address, catalogue: 'tpch' });
  await client.run('select count(*) from nation', { database: 'tiny', signal: AbortSignal.timeout(5_000) });
  return true;
}
