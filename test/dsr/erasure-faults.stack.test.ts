import { appendFileSync } from 'node:fs';
import { join } from 'node:path';
import { chatPipeline } from '../../core/chat/pipeline.ts';
import { addDays, dateOf } from '../../core/window.ts';
import type { Engine, EngineResult } from '../../local/athena/engine.ts';
import { ResultRows } from '../../local/athena/result-rows.ts';
import { findCanaries } from './canary-reader.ts';
import { gold, message, rowsOfOthers, toolCall } from './erasing-lake.ts';
import { type ErasingTrinoLake, openErasingTrinoLake } from './erasing-trino-lake.ts';
import { findCanariesInBucket, versionsIn } from './stored-canaries.ts';

jest.setTimeout(600_000);

const leaver = 'leaver-3f1c9a-canary';
const other = 'other-77b2e0-canary';
const traces = [leaver, other].map((person) => person.slice(0, 13));
const today = dateOf(Date.now());
const [first, second] = [addDays(today, -2), addDays(today, -1)];

/** What stands between the endpoint and Trino for some statements. */
type Meddler = (sql: string, run: () => Promise<EngineResult>) => Promise<EngineResult>;

let meddle: Meddler | undefined;
const calls: unknown[] = [];

function meddled(engine: Engine): Engine {
  return {
    execute: (sql, context) => {
      const run = () => engine.execute(sql, context);
      return meddle === undefined ? run() : meddle(sql, run);
    },
    databases: () => engine.databases(),
    tables: (database) => engine.tables(database),
  };
}

let lake: ErasingTrinoLake;
beforeEach(async () => {
  calls.length = 0;
  lake = await openErasingTrinoLake({
    settings: { minimumUsersPerCell: 1 },
    before: meddled,
    onCall: (call) => calls.push(call),
  });
  // Half of all rows are the leaver's.
  await lake.ingest('chat', [
    message('c1', leaver, `${first}T10:00:00Z`),
    message('c2', leaver, `${second}T23:59:59Z`),
    message('c3', 'stayer', `${second}T10:00:00Z`),
    message('c4', other, `${second}T10:00:00Z`),
  ]);
  await lake.ingest('tool', [toolCall('t1', 'c2', leaver, `${today}T00:00:01Z`)]);
  await lake.run('backfill', { from: first, to: second });
});
afterEach(async () => {
  meddle = undefined;
  await lake.close();
});

/** Nothing of the people in any byte of the bucket, nor in what the run remembers. */
async function expectNothingLeft(): Promise<void> {
  appendFileSync(join(lake.folder, 'history.json'), JSON.stringify(calls));
  expect(await findCanaries(lake.folder, traces)).toEqual([]);
  expect((await findCanariesInBucket(lake.s3, lake.bucket, traces)).found).toEqual([]);
}

test('a VACUUM that silently deletes nothing is caught, three times, and mended by one that works', async () => {
  const before = await lake.tables();
  // As Athena answers where its caller may not delete objects.
  let swallowed = 0;
  meddle = async (sql, run) => {
    if (!/^vacuum/i.test(sql)) return await run();
    swallowed += 1;
    return { columns: [], rows: ResultRows.of([]), bytesScanned: 0 };
  };
  await lake.submit(leaver, other, 'nobody-here-5a91c0');
  const failure = await lake.tickToTheEnd().catch((error: unknown) => error);
  expect(swallowed).toBeGreaterThanOrEqual(3 * 8);
  expect(failure).toMatchObject({
    name: 'CheckFailed',
    message: expect.stringMatching(
      /is not proven after 3 rewrites: no condemned object is left: bronze_chat_events has [1-9].*no snapshot reaches back before the rewrite/,
    ),
  });
  const [caught] = await lake.erasures.store.batches();
  expect(caught).toMatchObject({ stage: 'opened', subjects: 3 });
  expect(JSON.stringify([calls, String(failure)])).not.toMatch(new RegExp(traces.join('|')));
  meddle = undefined;
  expect((await lake.tickToTheEnd()).map(({ stage }) => stage)).toEqual(['closed']);
  const after = await lake.tables();
  expect(gold(after)).toEqual(gold(before));
  expect(rowsOfOthers(after, [])).toEqual(rowsOfOthers(before, [leaver, other]));
  await expectNothingLeft();
});

test('a DELETE that meets another writer’s commit is tried again, and the engine’s words about it are kept nowhere', async () => {
  const before = await lake.tables();
  const words: string[] = [];
  // What a table has before it is migrated: a DELETE then conflicts with every append to its days.
  for (const { table } of chatPipeline.sources) {
    const level = `map(array['write.delete.isolation-level'], array['serializable'])`;
    await lake.trino(`alter table ${table.name} set properties extra_properties = ${level}`);
  }
  const met = new Map<string, number>();
  meddle = async (sql, run) => {
    const table = /^delete from "?(\w+)/i.exec(sql)?.[1];
    const times = met.get(table ?? '') ?? 0;
    if (table === undefined || !table.startsWith('bronze_') || times === 2) return await run();
    met.set(table, times + 1);
    // Another one appends to the same days until it has come in between.
    let isOver = false;
    const rival = async () => {
      for (let n = 0; !isOver; n++) {
        await lake.trino(
          `insert into ${table} (chat_id, user_id, dt) values ('rival-${n}', 'rival', date '${second}'), ('rival-${n}', 'rival', date '${first}')`,
        );
      }
    };
    const rivals = rival();
    try {
      return await run();
    } catch (error) {
      words.push(String(error));
      throw error;
    } finally {
      isOver = true;
      await rivals;
    }
  };
  await lake.submit(leaver);
  await lake.tick();
  meddle = undefined;
  for (const { table } of chatPipeline.sources) await lake.trino(`delete from ${table.name} where user_id = 'rival'`);
  const batches = await lake.tickToTheEnd();
  expect(batches.map(({ stage }) => stage)).toEqual(['closed']);
  process.stdout.write(`    ${words.length} conflicts; one says: ${words[0]?.slice(0, 300)}\n`);
  expect(words.filter((text) => text.includes('ICEBERG_COMMIT_ERROR')).length).toBeGreaterThan(0);
  const runs = await lake.runtime.ledger.latestRuns(100);
  const statements = (await Promise.all(runs.map(({ id }) => lake.runtime.ledger.statementsOf(id)))).flat();
  const failed = statements.filter(({ code }) => code === 'ICEBERG_COMMIT_ERROR');
  expect(failed.map(({ statement }) => statement)).toContain('dsr/delete_subjects');
  expect(JSON.stringify([calls, runs, statements])).not.toMatch(new RegExp(`${traces[0]}|rival|conflicting files`));
  const after = await lake.tables();
  expect(gold(after)).toEqual(gold(before));
  expect(rowsOfOthers(after, [])).toEqual(rowsOfOthers(before, [leaver]));
});

test('a dry run counts and leaves everything as it was; two ticks at once come to one batch, and another overlaps with it', async () => {
  const { store } = lake.erasures;
  const rows = async () => (await lake.trino('select * from bronze_chat_events')).map(String).sort();
  const keys = async () => (await versionsIn(lake.s3, lake.bucket)).map(({ key }) => key).sort();
  const before = [await rows(), await keys(), await store.batches()];
  const [id = ''] = await lake.submit(leaver);
  const submitted = [await store.request(id), await store.untold(9)];
  await lake.run('dsr', { mode: 'scheduled', dryRun: true });
  const counted = await store.estimate();
  expect(counted).toMatchObject({ requests: 1, people: 1, dollars: expect.any(Number) });
  expect(counted?.due).toBe((await store.request(id))?.due);
  expect(counted?.tables.bronze_chat_events).toEqual({ rows: 2, days: 2, files: 2, bytes: expect.any(Number) });
  expect(counted?.tables.bronze_chat_events?.bytes).toBeGreaterThan(1_000);
  // No row, no object and no request is another one, and nobody stands where statements join people.
  expect([await rows(), await keys(), await store.batches()]).toEqual(before);
  expect([await store.request(id), await store.untold(9)]).toEqual(submitted);
  expect([await store.openBatches(), await lake.trino('select * from dsr_subjects')]).toEqual([[], []]);
  await Promise.all([lake.tick(), lake.tick()]);
  expect(await lake.erasures.store.batches()).toMatchObject([{ stage: 'erased', subjects: 1 }]);
  await lake.submit(other);
  const stages = async () => (await lake.tick()).map(({ stage }) => stage);
  expect(await stages()).toContain('erased');
  const batches = await lake.tickToTheEnd();
  expect(batches.map(({ stage, subjects }) => [stage, subjects])).toEqual([
    ['closed', 1],
    ['closed', 1],
  ]);
  await expectNothingLeft();
});
