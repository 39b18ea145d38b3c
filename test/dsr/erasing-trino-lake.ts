import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { GlueClient } from '@aws-sdk/client-glue';
import { CreateBucketCommand, S3Client } from '@aws-sdk/client-s3';
import { z } from 'zod';
import { athenaTableProperties } from '../../core/catalogue/athena-ddl.ts';
import { icebergProperties } from '../../core/catalogue/iceberg-properties.ts';
import { jsonTableDdl } from '../../core/catalogue/json-table-ddl.ts';
import { chatPipeline } from '../../core/chat/pipeline.ts';
import { chatTables } from '../../core/chat/tables.ts';
import type { Erasures, ErasureWaits } from '../../core/dsr/erasures.ts';
import { IcebergProver } from '../../core/dsr/iceberg-prover.ts';
import { receiveDeletionEvent } from '../../core/dsr/receive.ts';
import type { Batch } from '../../core/dsr/request-store.ts';
import { subjectsPrefix, subjectsTable } from '../../core/dsr/subjects-table.ts';
import { glueMetadataFile } from '../../lambdas/dsr/glue-metadata-file.ts';
import { S3CondemnedFiles } from '../../lambdas/dsr/s3-condemned-files.ts';
import { S3ObjectReader } from '../../lambdas/dsr/s3-object-reader.ts';
import { S3SubjectFiles } from '../../lambdas/dsr/s3-subject-files.ts';
import { serveAthena } from '../../local/athena/endpoint.ts';
import type { Engine as EndpointEngine } from '../../local/athena/engine.ts';
import { TrinoClient } from '../../local/athena/trino-client.ts';
import { catalogueName, TrinoEngine } from '../../local/athena/trino-engine.ts';
import { FileEvidence } from '../../local/dsr/file-evidence.ts';
import { FileKeys } from '../../local/dsr/file-keys.ts';
import { FileVault } from '../../local/dsr/file-vault.ts';
import { SqliteRequestStore } from '../../local/dsr/sqlite-request-store.ts';
import { emulatorCredentials, emulatorRegion } from '../../stack/part.ts';
import { runStatement } from '../stack/athena-statement.ts';
import { stackAddresses } from '../stack/stack-addresses.ts';
import { openTrinoLake, type TrinoLake, type TrinoLakeOptions } from '../stack/trino-lake.ts';
import { deletionEvent } from './erasing-lake.ts';

/** How old a snapshot has to be before VACUUM lets it go, in seconds: long enough for a writer to commit what it has begun. */
export const snapshotSeconds = 20;

export interface ErasingTrinoLakeOptions extends Pick<TrinoLakeOptions, 'settings' | 'onState' | 'onCall'> {
  /** One that another process has made. Default: one of its own. */
  readonly place?: LakePlace;
  /** Writes a table's manifests anew, as the Glue job does. Default: Trino's own statement. */
  readonly rewriteManifests?: (database: string, table: string) => Promise<void>;
  /** Stands before Trino, as what swallows a statement does. Default: nothing does. */
  readonly before?: (engine: EndpointEngine) => EndpointEngine;
  /**
   * A clock that the test sets, and that is always ahead of the engine's: to it, whatever was committed is old, so that VACUUM
   * lets all go but the newest, and the proof excuses nothing for being new. Default: the machine's clock, and waits of seconds.
   */
  readonly simulated?: { readonly at: Date; readonly waits: ErasureWaits };
}

const manifestRun = z.object({ Arguments: z.object({ '--table': z.enum(chatTables.map(({ name }) => name)) }) });

/** Where a lake's parts are, so that another process may open it. */
export interface LakePlace {
  readonly database: string;
  readonly bucket: string;
  readonly folder: string;
}

/** A lake on Trino and Iceberg from which people can be erased, with the waits of an erasure shortened to seconds. */
export interface ErasingTrinoLake extends TrinoLake {
  readonly erasures: Erasures;
  readonly folder: string;
  /** Holds all objects of the lake and of its erasures, and nothing else. */
  readonly bucket: string;
  readonly s3: S3Client;
  readonly glue: GlueClient;
  readonly trino: (sql: string) => Promise<(string | null)[][]>;
  submit(...people: readonly string[]): Promise<string[]>;
  tick(): Promise<Batch[]>;
  /** Ticks, each when the next batch's wait is over, until every batch is closed. */
  tickToTheEnd(): Promise<Batch[]>;
}

export async function openErasingTrinoLake(options: ErasingTrinoLakeOptions = {}): Promise<ErasingTrinoLake> {
  const { trinoUrl, awsUrl } = stackAddresses();
  const { simulated } = options;
  const client = { endpoint: awsUrl, region: emulatorRegion, credentials: emulatorCredentials };
  const s3 = new S3Client({ ...client, forcePathStyle: true });
  const glue = new GlueClient(client);
  const engine = new TrinoEngine({ url: trinoUrl });
  const endpoint = await serveAthena({ engine: options.before?.(engine) ?? engine, database: 'default' });
  const bucket = options.place?.bucket ?? `dsr-${randomUUID()}`;
  if (options.place === undefined) await s3.send(new CreateBucketCommand({ Bucket: bucket }));
  const made: { erasures?: Erasures; folder?: string; store?: SqliteRequestStore } = {};
  const lake = await openTrinoLake({
    athenaUrl: endpoint.url,
    location: `s3://${bucket}/tables`,
    ...options,
    ...(simulated === undefined ? {} : { at: simulated.at }),
    ...(options.place === undefined ? {} : { database: options.place.database, folder: options.place.folder }),
    service: async (resource, payload) => {
      if (resource !== 'arn:aws:states:::glue:startJobRun.sync') throw new Error(`no service ${resource}`);
      const table = manifestRun.parse(payload).Arguments['--table'];
      if (options.rewriteManifests !== undefined) await options.rewriteManifests(lake.database, table);
      else await trino(`alter table ${table} execute optimize_manifests`);
      return {};
    },
    erasures: ({ database, folder }) => {
      const below = (name: string) => join(folder, 'erasures', name);
      const keys = new FileKeys(below('keys'));
      const store = new SqliteRequestStore(join(folder, 'requests.sqlite'));
      const condemned = new S3CondemnedFiles({ s3, bucket });
      const subjects = new S3SubjectFiles({ s3, glue, bucket, database });
      const erasures: Erasures = {
        store,
        vault: new FileVault(below('vault'), keys.vault()),
        subjects,
        condemned,
        keys,
        evidence: new FileEvidence(below('evidence')),
        prover: new IcebergProver({
          objects: new S3ObjectReader(s3),
          metadataFile: glueMetadataFile({ glue, database }),
          pipelines: [chatPipeline],
          condemned,
          subjects,
          // So that a few rows are read in many parts.
          partSize: { rows: 40, rowsPerFile: 10 },
        }),
        clock: simulated === undefined ? 'real' : 'simulated',
        waits: simulated?.waits ?? {
          expiryMillis: (snapshotSeconds + 5) * 1_000,
          lateMillis: (snapshotSeconds + 15) * 1_000,
        },
      };
      Object.assign(made, { erasures, folder, store });
      return erasures;
    },
  });
  const { erasures, folder, store } = made;
  if (erasures === undefined || folder === undefined || store === undefined) throw new Error('no erasures were made');
  const trinoClient = new TrinoClient({ url: trinoUrl, catalogue: catalogueName });
  const trino = async (sql: string) => {
    const rows: (string | null)[][] = [];
    await trinoClient.run(sql, {
      database: lake.database,
      signal: AbortSignal.timeout(120_000),
      onRows: (page) => rows.push(...page.map((row) => row.map((value) => (value === null ? null : String(value))))),
    });
    return rows;
  };
  if (options.place === undefined) {
    const list = (texts: readonly string[]) => `array[${texts.map((text) => `'${text}'`).join(', ')}]`;
    const age = simulated === undefined ? snapshotSeconds : 0;
    for (const table of chatTables) {
      // As declared, with a shorter age for the tables that state one: Trino's default, as Athena's, is too old for a proof.
      const stated = athenaTableProperties(table).vacuum_max_snapshot_age_seconds !== undefined;
      const properties = {
        ...icebergProperties(table),
        ...(stated ? { vacuum_max_snapshot_age_seconds: String(age) } : {}),
      };
      const [keys, values] = [Object.keys(properties), Object.values(properties)];
      await trino(`alter table ${table.name} set properties extra_properties = map(${list(keys)}, ${list(values)})`);
    }
    await runStatement(lake.runtime.engine, jsonTableDdl(subjectsTable, `s3://${bucket}/${subjectsPrefix}`));
  }
  // The waits are short and the clock is real, so that the ages of objects mean what they say.
  if (simulated === undefined) Object.defineProperty(lake, 'at', { get: () => new Date() });
  const tick = async () => {
    await lake.run('dsr', { mode: 'scheduled' });
    return await erasures.store.batches();
  };
  const close = lake.close;
  return Object.assign(lake, {
    erasures,
    folder,
    bucket,
    s3,
    glue,
    trino,
    submit: async (...people: readonly string[]) => {
      const ids: string[] = [];
      for (const person of people) {
        const now = lake.at;
        const event = deletionEvent(person, now);
        await receiveDeletionEvent(erasures, event, now);
        ids.push(event.subject_request_id);
      }
      return ids;
    },
    tick,
    tickToTheEnd: async () => {
      for (let ticks = 0; ticks < 20; ticks++) {
        const batches = await tick();
        const waits = batches.filter(({ stage }) => stage !== 'closed').map(({ waitsUntil }) => waitsUntil);
        const [next] = waits.sort();
        if (next === undefined) return batches;
        if (simulated === undefined) await sleep(Math.max(0, Date.parse(next) - Date.now()) + 50);
        else if (Date.parse(next) > lake.at.getTime()) lake.at = new Date(next);
      }
      throw new Error('the batches do not end');
    },
    close: async () => {
      store.disconnect();
      await close();
      await endpoint.close();
      s3.destroy();
      glue.destroy();
    },
  });
}
