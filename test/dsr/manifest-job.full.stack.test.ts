import { stackAddresses } from '../stack/stack-addresses.ts';
import { gold, message, rowsOfOthers, toolCall } from './erasing-lake.ts';
import { type ErasingTrinoLake, openErasingTrinoLake } from './erasing-trino-lake.ts';
import { sparkManifestJob } from './spark-manifest-job.ts';
import { findCanariesInBucket } from './stored-canaries.ts';

const leaver = 'leaver-5d20be-canary';
/** All that an entry's bounds could tell: Iceberg cuts them after 16 characters. */
const trace = leaver.slice(0, 16);
const day = '2026-03-02';

const rewritten: string[] = [];
let lake: ErasingTrinoLake;
beforeAll(async () => {
  // Where tables lie is what the catalogue says; the job makes none.
  const job = await sparkManifestJob(stackAddresses().awsUrl, 's3://lethe-lake/tables/');
  lake = await openErasingTrinoLake({
    settings: { minimumUsersPerCell: 1 },
    rewriteManifests: async (database, table) => {
      await job(database, table);
      rewritten.push(table);
    },
  });
}, 900_000);
afterAll(async () => {
  await lake?.close();
});

test('where an engine keeps entries of files that are gone, Glue’s job on Spark takes them out, and the batch is proven', async () => {
  // As an engine does that does not heed what the table asks for.
  for (const table of ['bronze_chat_events', 'silver_messages']) await keepTombstones(table);
  await lake.ingest('chat', [
    message('c1', leaver, `${day}T10:00:00Z`),
    message('c2', 'stayer', `${day}T11:00:00Z`),
    message('c3', 'other', `${day}T12:00:00Z`),
  ]);
  await lake.ingest('tool', [toolCall('t1', 'c1', leaver, `${day}T10:00:01Z`)]);
  await lake.run('backfill', { from: day, to: day });
  const before = await lake.tables();

  await lake.submit(leaver);
  await lake.tick();
  expect(await entriesOfGoneFiles('bronze_chat_events')).toBeGreaterThan(0);
  const [batch] = await lake.tickToTheEnd();

  expect(batch?.stage).toBe('closed');
  expect(rewritten).toEqual(expect.arrayContaining(['bronze_chat_events', 'silver_messages']));
  expect(await entriesOfGoneFiles('bronze_chat_events')).toBe(0);
  const after = await lake.tables();
  expect(gold(after)).toEqual(gold(before));
  expect(rowsOfOthers(after, [])).toEqual(rowsOfOthers(before, [leaver]));
  expect((await findCanariesInBucket(lake.s3, lake.bucket, [trace])).found).toEqual([]);
}, 900_000);

async function keepTombstones(table: string): Promise<void> {
  await lake.trino(
    `alter table ${table} set properties extra_properties = map(array['commit.manifest.min-count-to-merge'], array['100'])`,
  );
}

/** Data files that manifests of the current snapshot still name as taken out. Entries of delete files may stay: they tell of files, not of rows. */
async function entriesOfGoneFiles(table: string): Promise<number> {
  const [row] = await lake.trino(`select count(*) from "${table}$entries" where status = 2 and data_file.content = 0`);
  return Number(row?.[0]);
}
