import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type DuckDBConnection, DuckDBInstance } from '@duckdb/node-api';
import { chatPipeline } from '../../../core/chat/pipeline.ts';
import type { Subject } from '../../../core/dsr/erasures.ts';
import { IcebergProver } from '../../../core/dsr/iceberg-prover.ts';
import type { Batch, Round } from '../../../core/dsr/request-store.ts';
import { joinLooks } from '../../../core/dsr/table-look.ts';
import type { ObjectReader } from '../../../core/iceberg/object-reader.ts';
import { type StoredFile, stored, storedTable } from '../iceberg/stored-iceberg.ts';

/** Who, and when, to the second. */
type Row = readonly [person: string, at: string];

const folder = mkdtempSync(join(tmpdir(), 'lethe-prover-'));
let connection: DuckDBConnection;
beforeAll(async () => {
  connection = await (await DuckDBInstance.create()).connect();
});
afterAll(() => {
  connection.closeSync();
  rmSync(folder, { recursive: true });
});

async function fileOf(name: string, day: string, rows: readonly Row[]): Promise<StoredFile> {
  const path = join(folder, name);
  const values = rows.map(([person, at]) => `('${person}', timestamp '${day} ${at}', date '${day}')`);
  await connection.run(
    `copy (select * from (values ${values.join(', ')}) t(user_id, "timestamp", dt)) to '${path}' (format parquet)`,
  );
  return { name, day, rows: rows.length, bytes: readFileSync(path) };
}

const [first, last] = ['2026-03-03', '2026-03-04'];
/** All of both days, and the last one until noon. */
const subjects: Subject[] = [
  { identity: 'leaver', scopeEnds: `${last}T12:00:00.000Z` },
  { identity: 'another', scopeEnds: `${last}T12:00:00.000Z` },
];
const erasedAt = '2026-03-05T07:00:00.000Z';

function batchOf(change: Partial<Round> = {}): Batch {
  const before = { silver_messages: { [first]: { all: 9, subjects: 2 }, [last]: { all: 9, subjects: 2 } } };
  return {
    id: 'one',
    pipeline: 'chat',
    openedAt: erasedAt,
    stage: 'erased',
    waitsUntil: erasedAt,
    requests: [],
    subjects: subjects.length,
    rounds: [{ kind: 'erasure', before, erasedAt, runs: [], ...change }],
  };
}

/** A prover of tables of one snapshot, of which every part holds two rows, or one file. */
async function proverOf(
  tables: Readonly<Record<string, readonly StoredFile[]>>,
  { written = new Date(0), condemned = ['s3://lake/silver_messages/data/condemned.parquet'] } = {},
) {
  let version = 1;
  const found = await Promise.all(
    Object.entries(tables).map(([table, files]) => storedTable(`s3://lake/${table}`, 1, files)),
  );
  const all = new Map(found.flatMap((objects) => [...objects]));
  const objects: ObjectReader = {
    ...stored(all),
    list: async (below) =>
      [...all.keys()]
        .filter((address) => address.startsWith(below))
        .map((address) => ({ address, modified: written, isSuperseded: false })),
  };
  const prover = new IcebergProver({
    objects,
    metadataFile: async (table) => `s3://lake/${table}/metadata/v${version}.json`,
    pipelines: [chatPipeline],
    condemned: { of: async () => condemned },
    subjects: { read: async () => subjects },
    partSize: { rows: 2, rowsPerFile: 0 },
  });
  const prove = async (table: string, batch = batchOf()) => {
    const { version, parts, found: look } = await prover.look(batch, table);
    const read = parts.map((part) => prover.readPart(batch, table, version, part));
    return { parts, ...joinLooks([look, ...(await Promise.all(read))]) };
  };
  const commit = async (table: string, files: readonly StoredFile[], earlier: readonly number[]) => {
    version += 1;
    for (const [address, bytes] of await storedTable(`s3://lake/${table}`, version, files, earlier))
      all.set(address, bytes);
  };
  return { all, prover, prove, commit };
}

const others: Row[] = [
  ['stayer', '10:00:00'],
  ['other', '11:00:00'],
];

test('the parts of a table hold each of its files once: what is left in any of them is found', async () => {
  const files = [
    await fileOf('a', first, others),
    await fileOf('b', first, [['leaver', '10:00:00']]),
    await fileOf('c', first, [['other', '10:00:00']]),
    await fileOf('d', last, [...others, ['another', '11:59:59'], ['another', '12:00:00'], ['another', '12:00:01']]),
    // No day in question, and nobody's name in its bounds.
    await fileOf('e', '2026-03-09', others),
  ];
  const { prove } = await proverOf({ silver_messages: files });
  const { parts, checks, late } = await prove('silver_messages');
  expect(parts).toEqual([
    { from: 0, to: 1 },
    { from: 1, to: 3 },
    { from: 3, to: 4 },
  ]);
  // The end of scope is in it; what another did later stays.
  expect(checks.rows).toEqual({ found: 3, looked: 4 });
  expect(checks.objects).toEqual({ found: 0, looked: 1 });
  expect(late).toBe(0);
});

test('rows that a source has got since the rewrite are the sweep’s, in which they count', async () => {
  const files = [await fileOf('late', last, [['leaver', '11:00:00']])];
  const later = new Date('2026-03-05T08:00:00Z');
  const { prove } = await proverOf({ bronze_chat_events: files, silver_messages: files }, { written: later });
  expect(await prove('bronze_chat_events')).toMatchObject({ checks: { rows: { found: 0, looked: 1 } }, late: 1 });
  expect(await prove('bronze_chat_events', batchOf({ kind: 'sweep' }))).toMatchObject({
    checks: { rows: { found: 1 } },
    late: 0,
  });
  // Nobody may have made silver of them.
  expect(await prove('silver_messages')).toMatchObject({ checks: { rows: { found: 1 } }, late: 0 });
  const early = await proverOf({ bronze_chat_events: files });
  expect(await early.prove('bronze_chat_events')).toMatchObject({ checks: { rows: { found: 1 } }, late: 0 });
});

test('a derived row stays while a row of the same person and day stays, in whatever table, and no longer', async () => {
  const derived = [
    await fileOf('u1', first, [['leaver', '00:00:00'], ...others]),
    await fileOf('u2', last, [
      ['leaver', '00:00:00'],
      ['another', '00:00:00'],
    ]),
  ];
  const nothing = { bronze_chat_events: [], bronze_tool_calls: [], silver_messages: [], silver_tool_calls: [] };
  const alone = await proverOf({ ...nothing, silver_user_daily: derived });
  expect((await alone.prove('silver_user_daily')).checks.derived).toEqual({ found: 3, looked: 2 });
  const stays = [await fileOf('stays', last, [['leaver', '12:00:01']])];
  const gone = [await fileOf('gone', last, [['another', '11:00:00']])];
  const beside = await proverOf({
    ...nothing,
    silver_messages: gone,
    silver_tool_calls: stays,
    silver_user_daily: derived,
  });
  expect((await beside.prove('silver_user_daily')).checks.derived).toEqual({ found: 2, looked: 2 });
});

test('a file that cannot be read, and an inventory that named none, are no proof', async () => {
  const files = [{ ...(await fileOf('orc', first, others)), format: 'ORC' }];
  const { prove } = await proverOf({ silver_messages: files, silver_tool_calls: [] }, { condemned: [] });
  const look = await prove('silver_messages');
  expect([look.checks.rows, look.noneCondemned]).toEqual([{ found: 1, looked: 1 }, true]);
  // Of a table without rows in scope nothing had to be condemned.
  expect((await prove('silver_tool_calls')).noneCondemned).toBe(false);
});

test('a part is read as the table was when it was looked at, or not at all', async () => {
  const table = 'silver_messages';
  const old = await fileOf('old', first, others);
  const { all, prover, commit } = await proverOf({ [table]: [old] });
  const { version, parts } = await prover.look(batchOf(), table);
  expect(parts).toEqual([{ from: 0, to: 1 }]);
  const read = () => prover.readPart(batchOf(), table, version, { from: 0, to: 1 });
  // Metadata files are let go after two commits, long before a large table is read.
  await commit(table, [await fileOf('new', first, [['leaver', '10:00:00']])], [1]);
  all.delete(`s3://lake/${table}/metadata/v1.json`);
  expect((await read()).checks.rows).toEqual({ found: 0, looked: 1 });
  await commit(table, [old], [2]);
  await expect(read()).rejects.toMatchObject({ name: 'TableChanged' });
});

test('a file that is gone by the time it is read is none that holds nobody', async () => {
  const { all, prover } = await proverOf({ silver_messages: [await fileOf('x', first, others)] });
  const { version } = await prover.look(batchOf(), 'silver_messages');
  all.delete('s3://lake/silver_messages/data/x');
  await expect(prover.readPart(batchOf(), 'silver_messages', version, { from: 0, to: 1 })).rejects.toMatchObject({
    name: 'ObjectMissing',
  });
});

test('gold is looked at by the names of its columns, and has no part', async () => {
  const { prove } = await proverOf({ gold_time_series: [] });
  // The table of the test has a user_id, which no gold table may have.
  expect(await prove('gold_time_series')).toMatchObject({ parts: [], checks: { gold: { found: 1, looked: 2 } } });
});
