import { appendFileSync } from 'node:fs';
import { join } from 'node:path';
import { chatPipeline } from '../../core/chat/pipeline.ts';
import { baseTables } from '../../core/dsr/targets.ts';
import { addDays, dateOf } from '../../core/window.ts';
import type { Engine, EngineResult } from '../../local/athena/engine.ts';
import { ResultRows } from '../../local/athena/result-rows.ts';
import { writtenDuring } from '../lambdas/dsr/written-during.ts';
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
type Meddler = (sql: string, run: (other?: string) => Promise<EngineResult>) => Promise<EngineResult>;

let meddle: Meddler | undefined;
const calls: unknown[] = [];

function meddled(engine: Engine): Engine {
  return {
    execute: (sql, context) => {
      const run = (other = sql) => engine.execute(other, context);
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
});
afterEach(async () => {
  meddle = undefined;
  await lake.close();
});

/** Fills the lake and builds it, once; half of all rows are the leaver's. */
async function fill(from: string, more: { chat?: readonly string[]; tool?: readonly string[] } = {}): Promise<void> {
  await lake.ingest('chat', [
    message('c1', leaver, `${first}T10:00:00Z`),
    message('c2', leaver, `${second}T23:59:59Z`),
    message('c3', 'stayer', `${second}T10:00:00Z`),
    message('c4', other, `${second}T10:00:00Z`),
    ...(more.chat ?? []),
  ]);
  await lake.ingest('tool', [toolCall('t1', 'c2', leaver, `${today}T00:00:01Z`), ...(more.tool ?? [])]);
  await lake.run('backfill', { from, to: second });
}

/** Nothing of the people in any byte of the bucket, nor in what the run remembers. */
async function expectNothingLeft(): Promise<void> {
  appendFileSync(join(lake.folder, 'history.json'), JSON.stringify(calls));
  expect(await findCanaries(lake.folder, traces)).toEqual([]);
  expect((await findCanariesInBucket(lake.s3, lake.bucket, traces)).found).toEqual([]);
}

test('a VACUUM that silently deletes nothing is caught, three times, and mended by one that works', async () => {
  await fill(first);
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

/** Who is erased with the leaver, so that there is always a row of his for a DELETE, however often it is run. */
const rival = 'rival-9e4d1c-canary';

/**
 * Runs a DELETE again and again until it meets a commit of another writer, who appends to the first of its days meanwhile
 * and takes back what he wrote in the end. @throws the engine's error about it.
 */
async function amongRivals(table: string, day: string, erasing: () => Promise<unknown>): Promise<void> {
  let isOver = false;
  const write = async (name: string) => {
    for (let n = 0; !isOver; n++) {
      const row = `('${name}-${n}', '${rival}', timestamp '${day} 00:00:00', date '${day}')`;
      await lake.trino(`insert into ${table} (chat_id, user_id, "timestamp", dt) values ${row}`);
    }
  };
  const rivals = Promise.all([write('a'), write('b')]);
  try {
    for (let tries = 0; tries < 20; tries++) await erasing();
  } finally {
    isOver = true;
    await rivals;
    await lake.trino(`delete from ${table} where user_id = '${rival}'`);
  }
}

test('every table’s DELETE meets other writers’ commits and is tried again; the engine’s words about it are kept nowhere', async () => {
  const third = addDays(today, -4);
  await fill(third, {
    chat: [message('c5', leaver, `${third}T10:00:00Z`), message('c6', 'stayer', `${third}T11:00:00Z`)],
    tool: [
      toolCall('t2', 'c5', leaver, `${third}T10:00:01Z`),
      toolCall('t3', 'c1', leaver, `${first}T10:00:01Z`),
      toolCall('t4', 'c3', 'stayer', `${first}T10:00:01Z`),
    ],
  });
  const before = await lake.tables();
  const tables = baseTables(chatPipeline).map(({ table }) => table.name);
  // What a table has before it is migrated: a DELETE then conflicts with every append to its days.
  for (const table of tables) {
    const level = `map(array['write.delete.isolation-level'], array['serializable'])`;
    await lake.trino(`alter table ${table} set properties extra_properties = ${level}`);
  }
  const words: Record<'own' | 'naming', Map<string, string>> = { own: new Map(), naming: new Map() };
  meddle = async (sql, run) => {
    const [, table = '', day = ''] = /^delete from "?(\w+).*?date '(\S+)'/is.exec(sql) ?? [];
    if (!tables.includes(table)) return await run();
    const kind = words.own.has(table) ? 'naming' : 'own';
    if (words[kind].has(table)) return await run();
    // First the statement itself; then, since its text names nobody, one whose conflict does.
    const naming = `delete from ${table} where dt = date '${day}' and user_id in ('${leaver}', '${rival}')`;
    const erasing = kind === 'own' ? () => run() : () => run(naming);
    await amongRivals(table, day, erasing).catch((error: unknown) => {
      words[kind].set(table, String(error));
      throw error;
    });
    return await run();
  };
  await lake.submit(leaver, rival);
  const written = await writtenDuring(async () => {
    await lake.tick();
    meddle = undefined;
  });
  for (const kind of ['own', 'naming'] as const) {
    for (const table of tables) {
      expect([table, words[kind].get(table)]).toEqual([table, expect.stringContaining('ICEBERG_COMMIT_ERROR')]);
    }
    process.stdout.write(`    ${kind}: ${words[kind].get('silver_messages')?.slice(0, 300)}\n`);
  }
  for (const text of words.naming.values()) expect(text).toContain(leaver);
  expect((await lake.tickToTheEnd()).map(({ stage }) => stage)).toEqual(['closed']);
  const runs = await lake.runtime.ledger.latestRuns(1_000);
  const statements = (await Promise.all(runs.map(({ id }) => lake.runtime.ledger.statementsOf(id)))).flat();
  const failed = statements.filter(({ code }) => code === 'ICEBERG_COMMIT_ERROR');
  expect(new Set(failed.map(({ statement, table }) => `${statement} ${table}`))).toEqual(
    new Set(tables.map((table) => `dsr/delete_subjects ${table}`)),
  );
  expect(failed.length).toBeGreaterThanOrEqual(2 * tables.length);
  // What the engine says of a conflict, in a history, a log, a ledger, the evidence, or what was printed.
  const ofConflict = [rival.slice(0, 13), 'conflicting files', 'ref(name', 'Failed to commit'];
  for (const text of words.own.values()) expect(ofConflict.some((part) => text.includes(part))).toBe(true);
  const evidence = JSON.stringify([calls, runs, statements, written]);
  expect([...ofConflict, ...traces].filter((part) => evidence.includes(part))).toEqual([]);
  expect(await findCanaries(lake.folder, ofConflict)).toEqual([]);
  const after = await lake.tables();
  expect(gold(after)).toEqual(gold(before));
  expect(rowsOfOthers(after, [])).toEqual(rowsOfOthers(before, [leaver]));
  appendFileSync(join(lake.folder, 'history.json'), JSON.stringify(calls));
  expect(await findCanaries(lake.folder, traces.slice(0, 1))).toEqual([]);
  expect((await findCanariesInBucket(lake.s3, lake.bucket, traces.slice(0, 1))).found).toEqual([]);
});

test('a dry run counts and leaves everything as it was; two ticks at once come to one batch, and another overlaps with it', async () => {
  await fill(first);
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
