import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { addDays, dateOf } from '../../core/window.ts';
import { findCanaries } from './canary-reader.ts';
import { gold, message, rowsOfOthers, toolCall } from './erasing-lake.ts';
import { openErasingTrinoLake } from './erasing-trino-lake.ts';
import { findCanariesInBucket } from './stored-canaries.ts';

const leaver = 'leaver-3f1c9a-canary';
const traces = [leaver.slice(0, 13)];

/** One of each kind: before a statement, after it, before a record of it, while manifests are rewritten, before the end. */
const states = [
  'Record the inventory',
  'Plan the erasure',
  'Run delete_subjects',
  'Find days_after_deletion',
  'Verify the deletion',
  'Build silver_room_daily',
  'Write gold_period_status',
  'Run rewrite_days',
  'Record the erasure',
  'Run expire_snapshots',
  'Look at the table',
  'Read the part',
  'Prove the erasure',
  'Rewrite the manifests',
  'Close the batch',
];

function runUntilKilled(place: object, state: string): Promise<NodeJS.Signals | null> {
  const child = spawn(process.execPath, [join(__dirname, 'killed-trino-erasure.ts'), JSON.stringify(place), state], {
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (_, signal) => resolve(signal));
  });
}

test('killed with -9 in one state after the other, an erasure on Iceberg goes on each time and ends clean', async () => {
  const lake = await openErasingTrinoLake({ settings: { minimumUsersPerCell: 1 } });
  const today = dateOf(Date.now());
  const [first, second] = [addDays(today, -2), addDays(today, -1)];
  await lake.ingest('chat', [
    message('c1', leaver, `${first}T10:00:00Z`),
    message('c2', leaver, `${second}T23:59:59Z`),
    message('c3', 'stayer', `${second}T10:00:00Z`),
  ]);
  await lake.ingest('tool', [toolCall('t1', 'c2', leaver, `${today}T00:00:01Z`)]);
  await lake.run('backfill', { from: first, to: second });
  const before = await lake.tables();
  await lake.submit(leaver);
  const { database, bucket, folder } = lake;
  for (const state of states) {
    expect([state, await runUntilKilled({ database, bucket, folder }, state)]).toEqual([state, 'SIGKILL']);
  }
  const batches = await lake.tickToTheEnd();
  expect(batches.map(({ stage, subjects }) => [stage, subjects])).toEqual([['closed', 1]]);
  const after = await lake.tables();
  expect(gold(after)).toEqual(gold(before));
  expect(rowsOfOthers(after, [])).toEqual(rowsOfOthers(before, [leaver]));
  expect(await findCanaries(folder, traces)).toEqual([]);
  expect((await findCanariesInBucket(lake.s3, bucket, traces)).found).toEqual([]);
  await lake.close();
}, 900_000);
