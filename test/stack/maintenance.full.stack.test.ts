import { setTimeout as sleep } from 'node:timers/promises';
import { S3Client } from '@aws-sdk/client-s3';
import { icebergProperties } from '../../core/catalogue/iceberg-properties.ts';
import { bronzeChatEvents, bronzeToolCalls, chatTables, silverMessages } from '../../core/chat/tables.ts';
import type { MaintainedTable } from '../../core/lake/run-ledger.ts';
import { addDays, dateOf } from '../../core/window.ts';
import { TrinoClient } from '../../local/athena/trino-client.ts';
import { stackAddresses } from './stack-addresses.ts';
import { keysBelow } from './stored-objects.ts';
import { openTrinoLake, type TrinoLake } from './trino-lake.ts';

/** The engine goes by the real clock when it lets snapshots go, so that the lake's days lie around today. */
const today = dateOf(Date.now());
const atSix = (date: string) => new Date(`${date}T06:00:00Z`);
const pastRetention = addDays(today, -60);
const settled = [addDays(today, -12), addDays(today, -11), addDays(today, -10)];
const open = addDays(today, -1);
/** As often does a sink commit in the test. */
const commitsPerDay = 7;

let sent = 0;
const message = (day: string, more: object = {}) => {
  sent += 1;
  const ids = { chat_id: `c${sent}`, user_id: `u${sent % 9}`, room_id: `r${sent % 4}` };
  return JSON.stringify({ ...ids, timestamp: `${day}T10:00:00Z`, platform: 'web', total_tokens: 7, ...more });
};
const toolCall = (day: string) =>
  JSON.stringify({ reasoning_steps_id: `t${sent}`, chat_id: `c${sent}`, user_id: 'u1', timestamp: `${day}T10:00:00Z` });

const s3 = new S3Client({
  endpoint: stackAddresses().awsUrl,
  region: 'us-east-1',
  forcePathStyle: true,
  credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
});
let lake: TrinoLake;

/** What the newest maintenance did to tables, by their names. */
async function care(): Promise<Record<string, MaintainedTable>> {
  const runs = await lake.runtime.ledger.latestRuns(100);
  const at = runs.findIndex(({ workflow }) => workflow === 'maintenance');
  const done = runs.slice(0, at).flatMap(({ maintenance }) => maintenance ?? []);
  return Object.fromEntries(done.map((one) => [one.table, one]));
}

const filesOf = async (table: string) =>
  Object.fromEntries(
    (await lake.query(`select cast("partition".dt as varchar) as day, file_count from "${table}$partitions"`)).map(
      ({ day, file_count }) => [day, Number(file_count)],
    ),
  );
const countOf = async (table: string) =>
  Number((await lake.query(`select count(*) as n, count(distinct chat_id) as ids from "${table}"`))[0]?.ids);

beforeAll(async () => {
  lake = await openTrinoLake({
    athenaUrl: stackAddresses().athenaUrl,
    location: 's3://lethe-lake/maintenance',
    at: atSix(today),
    settings: { minimumUsersPerCell: 1 },
  });
  const trino = new TrinoClient({ url: stackAddresses().trinoUrl, catalogue: 'awsdatacatalog' });
  for (const table of chatTables) {
    // A snapshot may go after a second here: the test cannot wait a day. What the plan goes by stays as it is declared.
    const pairs = Object.entries({ ...icebergProperties(table), vacuum_max_snapshot_age_seconds: '1' });
    const list = (texts: string[]) => `array[${texts.map((text) => `'${text}'`).join(', ')}]`;
    const map = `map(${list(pairs.map(([name]) => name))}, ${list(pairs.map(([, value]) => value))})`;
    await trino.run(`alter table "${table.name}" set properties extra_properties = ${map}`, {
      database: lake.database,
      signal: AbortSignal.timeout(60_000),
    });
  }
  for (const day of [pastRetention, ...settled, open]) {
    for (let commit = 0; commit < commitsPerDay; commit++) {
      await lake.ingest('chat', [message(day), message(day), message(day)]);
      if (commit < 2) await lake.ingest('tool', [toolCall(day)]);
    }
  }
  await lake.run('backfill', { from: pastRetention, to: pastRetention });
  await lake.run('backfill', { from: settled[0] ?? '', to: open });
}, 600_000);
afterAll(async () => {
  await lake.close();
  s3.destroy();
});

test('while the sink and silver write, maintenance drops and joins what it has to, and nothing is lost', async () => {
  const stop = new AbortController();
  let written = 0;
  const sink = async () => {
    while (!stop.signal.aborted) {
      // A late record of a day that is being rewritten, and one of today.
      await lake.ingest('chat', [message(settled[written % 3] ?? open)]);
      await lake.ingest('chat', [message(today)]);
      written += 2;
      // Two old metadata files are kept: commits in quick succession would take them from under a statement that reads.
      await sleep(3_000);
    }
  };
  const before = await countOf('bronze_chat_events');
  const silverBefore = await countOf('silver_messages');
  const writing = sink();
  try {
    await Promise.all([
      lake.run('maintenance', { mode: 'scheduled' }),
      lake.run('silver-daily', { mode: 'named', window: { grain: 'day', from: open, to: today } }),
    ]);
  } finally {
    stop.abort();
    await writing;
  }

  const runs = await lake.runtime.ledger.latestRuns(100);
  expect(new Set(runs.map(({ outcome }) => outcome))).toEqual(new Set(['succeeded']));
  const dropped = 3 * commitsPerDay;
  expect(written).toBeGreaterThan(2);
  expect(await countOf('bronze_chat_events')).toBe(before - dropped + written);
  expect(await countOf('silver_messages')).toBe(silverBefore - dropped);

  const done = await care();
  expect(done.bronze_chat_events).toMatchObject({
    drops: [{ to: addDays(today, -45) }],
    rewrites: [{ from: settled[0], to: addDays(settled[2] ?? '', 1) }],
  });
  // Two files a day are no reason to write them anew, and a gold table has lost nothing.
  expect(done.bronze_tool_calls).toMatchObject({ rewrites: [] });
  expect(Object.keys(done).filter((table) => table.startsWith('gold_'))).toEqual([]);
  const files = await filesOf('bronze_chat_events');
  expect(Object.keys(files)).not.toContain(pastRetention);
  for (const day of settled) expect(files[day]).toBeLessThan(commitsPerDay);
  expect(files[open]).toBe(commitsPerDay);
}, 600_000);

test('a table is taken back to a snapshot, as the runbook says', async () => {
  const rows = () => lake.query('select * from gold_time_series order by grain, period_start, platform');
  const whole = await rows();
  const [newest] = await lake.query(
    'select cast(committed_at as varchar) as at from "gold_time_series$snapshots" order by committed_at desc limit 1',
  );
  const range = `grain = 'DAILY' and period_start >= date '${settled[0]}'`;
  await lake.query(`delete from gold_time_series where ${range} and platform = 'All'`);
  expect((await rows()).length).toBeLessThan(whole.length);
  await lake.query(`delete from gold_time_series where ${range}`);
  await lake.query(
    `insert into gold_time_series select * from gold_time_series for timestamp as of timestamp '${newest?.at}' where ${range}`,
  );
  expect(await rows()).toEqual(whole);
}, 120_000);

test('a day later the old snapshots go, and with them every object of the days that were dropped', async () => {
  const objects = (table: string) => keysBelow(s3, 'lethe-lake', `maintenance/${lake.database}/${table}/`);
  const ofPast = async () =>
    (await Promise.all([bronzeChatEvents, bronzeToolCalls, silverMessages].map(({ name }) => objects(name))))
      .flat()
      .filter((key) => key.includes(`dt=${pastRetention}/`));
  expect(await ofPast()).not.toEqual([]);

  lake.at = atSix(addDays(today, 2));
  await lake.run('maintenance', { mode: 'scheduled' });

  expect(await ofPast()).toEqual([]);
  const done = await care();
  expect(done.bronze_chat_events?.expires).toBe(true);
  expect(done.bronze_chat_events?.after?.snapshots).toBeLessThanOrEqual(2);
  expect(done.bronze_chat_events?.before.snapshots).toBeGreaterThan(20);
  // The table's newest metadata and two before it.
  const metadata = (await objects('bronze_chat_events')).filter((key) => key.endsWith('.metadata.json'));
  expect(metadata.length).toBeLessThanOrEqual(3);

  // A third run on the same day finds nothing to do.
  await lake.run('maintenance', { mode: 'scheduled' });
  expect(await care()).toEqual({});
}, 600_000);
