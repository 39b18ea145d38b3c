import { dirname, join } from 'node:path';
import { manifestJobSettings } from '../../lib/dsr/manifest-job.ts';
import { cacheDirectory } from '../../stack/artifacts/cache-directory.ts';
import { installJars } from '../../stack/artifacts/install-jars.ts';
import { installSpark } from '../../stack/artifacts/install-python.ts';
import { runTool } from '../../stack/artifacts/run-tool.ts';
import { findJava } from '../../stack/java.ts';
import { emulatorEnvironment } from '../../stack/part.ts';

const script = join(import.meta.dirname, '..', '..', 'lib', 'dsr', 'rewrite-manifests.py');

/** Writes the manifests of a table of a database anew. */
export type ManifestJobRun = (database: string, table: string) => Promise<void>;

/**
 * The job of `lib/dsr/manifest-job.ts` on Spark and Iceberg as Glue 5.0 has them: its script and its settings, and beside them
 * where the emulator is. Spark is brought when it is not in the cache, 350 MB.
 *
 * @param location where tables lie, such as `s3://bucket/tables/`.
 */
export async function sparkManifestJob(awsUrl: string, location: string): Promise<ManifestJobRun> {
  const cache = cacheDirectory(process.env);
  const python = await installSpark(cache);
  const jars = await installJars(cache, 'spark-iceberg');
  const settings = [
    ...manifestJobSettings(location),
    ['spark.driver.extraClassPath', join(jars, '*')],
    ['spark.driver.bindAddress', '127.0.0.1'],
    ['spark.ui.enabled', 'false'],
    ['spark.sql.catalog.lake.glue.endpoint', awsUrl],
    ['spark.sql.catalog.lake.s3.endpoint', awsUrl],
    ['spark.sql.catalog.lake.s3.path-style-access', 'true'],
  ];
  const java = findJava(17, 'Spark', process.env);
  const env = {
    ...process.env,
    ...emulatorEnvironment(awsUrl),
    JAVA_HOME: dirname(dirname(java)),
    PYTHONPATH: import.meta.dirname,
    SPARK_LOCAL_IP: '127.0.0.1',
    PYSPARK_SUBMIT_ARGS: [...settings.map(([name, value]) => `--conf ${name}=${value}`), 'pyspark-shell'].join(' '),
  };
  return async (database, table) => {
    await runTool(python, [script, '--database', database, '--table', table], { env });
  };
}
