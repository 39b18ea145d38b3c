import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { gzipSync } from 'node:zlib';
import { openLake, query } from '../local/embedded-lake.ts';
import { findCanaries } from './canary-reader.ts';
import { canaries, crowd } from './crowd.ts';
import { message, removeSources } from './erasing-lake.ts';

test('the reader finds a canary in every kind of place', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'lethe-reader-'));
  const [canary = ''] = canaries;
  const places: [string, () => void][] = [
    ['text', () => writeFileSync(join(folder, 'a.json'), JSON.stringify({ x: `a${canary}b` }))],
    ['packed', () => writeFileSync(join(folder, 'a.gz'), gzipSync(`a${canary}b`))],
    ['base64', () => writeFileSync(join(folder, 'a.txt'), Buffer.from(`{"id":"${canary}"}`).toString('base64'))],
    ['hex', () => writeFileSync(join(folder, 'a.log'), Buffer.from(canary).toString('hex'))],
    ['name', () => writeFileSync(join(folder, `${canary}.txt`), '')],
    [
      'SQLite',
      () => {
        const database = new DatabaseSync(join(folder, 'a.sqlite'));
        database.exec('create table t (x text)');
        database.prepare('insert into t values (?)').run(canary);
        database.close();
      },
    ],
  ];
  for (const [place, plant] of places) {
    expect(await findCanaries(folder, canaries)).toEqual([]);
    plant();
    expect({ place, found: (await findCanaries(folder, canaries)).length }).not.toEqual({ place, found: 0 });
    for (const name of readdirSync(folder)) rmSync(join(folder, name));
  }
  rmSync(folder, { recursive: true });

  // A row in the log of changes, a row in the file, and a deleted row that its block still holds.
  const lake = await openLake({}, { at: new Date('2026-03-09T02:00:00Z') });
  const file = join(lake.home, 'lake.duckdb');
  const inFiles = async () =>
    (await findCanaries(lake.home, canaries)).filter((place) => place.startsWith('lake.duckdb'));
  const crowded = crowd().chat;
  await lake.ingest('chat', [...crowded, message('c', canary, '2026-03-02T10:00:00Z')]);
  removeSources(lake);
  expect(await inFiles()).not.toEqual([]);
  await query(lake.session, `delete from bronze_chat_events where user_id like 'canary-%'`);
  await lake.session.close();
  expect(readFileSync(file).includes(canary)).toBe(true);
  rmSync(lake.home, { recursive: true });
}, 60_000);
