import { appendFileSync, cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { gzipSync, zstdCompressSync } from 'node:zlib';
import { CreateBucketCommand, PutBucketVersioningCommand, PutObjectCommand } from '@aws-sdk/client-s3';
import { chatTables } from '../../core/chat/tables.ts';
import { readEvidence, verifyEvidence } from '../../core/dsr/evidence.ts';
import { addDays, dateOf } from '../../core/window.ts';
import { type LakeSink, newSinkNames, removeLakeSink, startLakeSink } from '../stack/lake-sink.ts';
import { stackAddresses } from '../stack/stack-addresses.ts';
import { findCanaries } from './canary-reader.ts';
import { message, toolCall } from './erasing-lake.ts';
import { type ErasingTrinoLake, openErasingTrinoLake } from './erasing-trino-lake.ts';
import { findCanariesInBucket } from './stored-canaries.ts';

jest.setTimeout(900_000);

const people = 20_000;
const canaries = Array.from({ length: 50 }, (_, n) => `canary-${(n * 7919).toString(36).padStart(6, '0')}-person`);
/** As much of each as stands in a bound of 16 characters, whether or not its last one is raised; no two are alike. */
const traces = canaries.map((canary) => canary.slice(0, 13));
const today = dateOf(Date.now());
const days = Array.from({ length: 7 }, (_, n) => addDays(today, n - 7));
const day = (n: number) => days[n % days.length] ?? '';

/** Every commit has files of its own, and waits for more records for so long. */
const commitSeconds = 3;

const names = newSinkNames();
let lake: ErasingTrinoLake;
let sink: LakeSink;
const calls: unknown[] = [];
beforeAll(async () => {
  lake = await openErasingTrinoLake({
    settings: { minimumUsersPerCell: 1, topics: names.topicNames },
    onCall: (call) => calls.push(call),
  });
  const { settings } = lake.runtime;
  sink = await startLakeSink({ ...names, settings, commitSeconds, location: `s3://${lake.bucket}/tables` });
});
afterAll(async () => {
  await removeLakeSink(names.sink);
  await lake.close();
});

/** 20,000 people's messages and tool calls of a week, made by the engine itself: a message each, in 300 rooms. */
async function ingestCrowd(): Promise<void> {
  const dates = days.map((date) => `date '${date}'`).join(', ');
  // A sequence ends at 10,000.
  const source = `(select a * 100 + b as n from unnest(sequence(0, ${people / 100 - 1})) as s(a), unnest(sequence(0, 99)) as t(b))
    cross join (select array[${dates}] as days)`;
  const dt = 'days[n % 7 + 1]';
  await lake.trino(
    `insert into bronze_chat_events (chat_id, user_id, room_id, "timestamp", dt, prompt_tokens, completion_tokens, total_cost, country, platform)
     select 'chat-' || cast(n as varchar), 'person-' || cast(n as varchar), 'room-' || cast(n % 300 as varchar),
       cast(${dt} as timestamp(6)) + interval '10' hour + n % 3600 * interval '1' second, ${dt}, 3, 4, decimal '0.250000000', 'DE', 'web'
     from ${source}`,
  );
  await lake.trino(
    `insert into bronze_tool_calls (reasoning_steps_id, chat_id, user_id, "timestamp", dt, tool_type)
     select 'step-' || cast(n as varchar), 'chat-' || cast(n as varchar), 'person-' || cast(n as varchar),
       cast(${dt} as timestamp(6)) + interval '11' hour, ${dt}, 'search'
     from ${source} where n % 5 = 0`,
  );
}

const chatsOf = (canary: string, n: number) => [
  // In a room that others share, and a second before midnight.
  message(`${canary}-chat`, canary, `${day(n)}T23:59:59Z`, { room_id: `room-${n}` }),
  message(`${canary}-early`, canary, `${day(n)}T08:00:00Z`, { room_id: `${canary}-room` }),
];
const callOf = (canary: string, n: number) =>
  toolCall(`step-of-${canary}`, `${canary}-chat`, canary, `${addDays(day(n), 1)}T00:00:01Z`);
const neighbour = (n: number) =>
  message(`chat-beside-${n}`, `person-${n}`, `${day(n)}T09:00:00Z`, { room_id: `room-${n}` });

/** Waits until the sink has brought so many rows, and no more, into a table of bronze. */
async function untilStored(table: string, condition: string, count: number): Promise<void> {
  let stored = -1;
  for (const deadline = Date.now() + 90_000; Date.now() < deadline && stored < count; ) {
    stored = Number((await lake.trino(`select count(*) from ${table} where ${condition}`))[0]?.[0]);
    if (stored < count) await sleep(500);
  }
  if (stored !== count) throw new Error(`${table} has ${stored} rows where ${condition}; ${count} were sent`);
}

/** Records each of which is stored before the next one is sent. */
async function* oneByOne(records: readonly string[], storedBefore: number): AsyncGenerator<string> {
  for (const [n, record] of records.entries()) {
    yield record;
    await untilStored('bronze_chat_events', "user_id like 'canary-%'", storedBefore + n + 1);
  }
}

/** Through the sink: in files with others, in files of their own, and in files of one row. */
async function ingestCanaries(): Promise<void> {
  const own = "user_id like 'canary-%'";
  const mixed = canaries.slice(0, 30).flatMap((canary, n) => [neighbour(n), ...chatsOf(canary, n)]);
  await sink.send('chat', mixed);
  await untilStored('bronze_chat_events', own, 60);
  await sink.send(
    'chat',
    canaries.slice(30, 47).flatMap((canary, n) => chatsOf(canary, n + 30)),
  );
  await untilStored('bronze_chat_events', own, 94);
  const alone = canaries.slice(47);
  await Promise.all([
    sink.send(
      'chat',
      oneByOne(
        alone.flatMap((canary, n) => chatsOf(canary, n + 47)),
        94,
      ),
    ),
    sink.send('tool', canaries.map(callOf)),
  ]);
  const files = await lake.trino(
    `select count(*) from bronze_chat_events group by "$path"
     having bool_or(user_id in ('${alone.join("', '")}'))`,
  );
  expect(files).toEqual(alone.flatMap(() => [['1'], ['1']]));
  // Delivered again; and what cannot be stored, with everything in it that must not be.
  const rejected = canaries.map((canary, n) =>
    JSON.stringify({ ...JSON.parse(neighbour(n)), user_id: canary, timestamp: `of ${canary}` }),
  );
  await sink.send('chat', [...chatsOf(canaries[0] ?? '', 0), ...rejected]);
  await untilStored('bronze_chat_events', own, 102);
  await untilStored('bronze_rejected_records', 'true', canaries.length);
  await untilStored('bronze_tool_calls', own, canaries.length);
}

/** Sends others' records without a pause, for the days that lose rows and for today, until it is told to stop. */
class Writer {
  chats = 0;
  calls = 0;
  #sending: Promise<unknown> | undefined;
  #isStopping = false;

  begin(): void {
    this.#isStopping = false;
    this.#sending = Promise.all([sink.send('chat', this.#chats()), sink.send('tool', this.#calls())]);
    // It is told of when somebody waits for the end.
    this.#sending.catch(() => undefined);
  }

  /** Ends when the sink has stored what was sent. */
  async end(): Promise<void> {
    this.#isStopping = true;
    await this.#sending;
    await untilStored('bronze_chat_events', "user_id like 'writer-%'", this.chats);
    await untilStored('bronze_tool_calls', "user_id like 'writer-%'", this.calls);
  }

  async *#chats(): AsyncGenerator<string> {
    for (; !this.#isStopping; await sleep(200)) {
      const n = this.chats++;
      yield message(`written-${n}`, `writer-${n}`, `${dayWritten(n)}T00:00:00Z`, { room_id: `room-${n % 300}` });
    }
  }

  async *#calls(): AsyncGenerator<string> {
    for (; !this.#isStopping; await sleep(500)) {
      const n = this.calls++;
      yield toolCall(`made-${n}`, `written-${n}`, `writer-${n}`, `${dayWritten(n)}T00:00:01Z`);
    }
  }
}

const dayWritten = (n: number) => (n % 3 === 0 ? today : day(n));

/** Whether all that was sent while people were erased is there, each record once. */
async function expectWritten({ chats, calls }: Writer): Promise<void> {
  const stored = (columns: string, table: string) =>
    lake.trino(
      `select ${columns}, user_id, cast(dt as varchar), date_format("timestamp", '%H:%i:%s') from ${table}
       where user_id like 'writer-%' order by cast(substr(user_id, 8) as integer)`,
    );
  const sent = (count: number, row: (n: number) => string[]) => Array.from({ length: count }, (_, n) => row(n));
  expect(await stored('chat_id, room_id', 'bronze_chat_events')).toEqual(
    sent(chats, (n) => [`written-${n}`, `room-${n % 300}`, `writer-${n}`, dayWritten(n), '00:00:00']),
  );
  expect(await stored('reasoning_steps_id, chat_id', 'bronze_tool_calls')).toEqual(
    sent(calls, (n) => [`made-${n}`, `written-${n}`, `writer-${n}`, dayWritten(n), '00:00:01']),
  );
}

/**
 * What Kafka and its sink keep beside the topics that records are sent to, which forget by themselves: their logs, and all
 * other topics. The sink tells itself there of every file it has written.
 */
async function expectNobodyInKafka(): Promise<void> {
  const { directory } = stackAddresses();
  const folder = mkdtempSync(join(tmpdir(), 'lethe-kafka-'));
  try {
    for (const part of ['kafka-broker', 'connect-worker']) {
      cpSync(join(directory, 'logs', `${part}.log`), join(folder, `${part}.log`));
    }
    const data = join(directory, 'kafka-broker', 'data');
    const segments = readdirSync(data, { recursive: true, encoding: 'utf8' }).filter((path) => path.endsWith('.log'));
    for (const path of segments.filter((one) => !/-(chat|tool)-\d+\//.test(one))) {
      cpSync(join(data, path), join(folder, path));
    }
    // It would find what the sink says: the bucket is in the name of every file.
    const told = (await findCanaries(folder, [lake.bucket])).map((place) => place.replace(/\/.*/, ''));
    expect(told).toContain(`${sink.sink}-control-0`);
    expect(await findCanaries(folder, traces)).toEqual([]);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

type Rows = Record<string, string[]>;

/** All rows of all tables, each as one text, in order. */
async function everyRow(): Promise<Rows> {
  const rows: Rows = {};
  for (const { name } of chatTables) {
    rows[name] = (await lake.trino(`select * from ${name}`)).map((row) => JSON.stringify(row)).sort();
  }
  return rows;
}

const isGold = ({ name, layer }: (typeof chatTables)[number]) => layer === 'gold' && name !== 'gold_period_status';
const namesUser = ({ columns }: (typeof chatTables)[number]) => columns.some(({ name }) => name === 'user_id');
/** Rows but those of canaries and of whoever wrote meanwhile. */
const others = (rows: readonly string[] = []) => rows.filter((row) => !/canary-|writer-/.test(row));

test('the reader finds a canary in every kind of place', async () => {
  const { s3 } = lake;
  const bucket = `${lake.bucket}-read`;
  const [canary = ''] = canaries;
  await s3.send(new CreateBucketCommand({ Bucket: bucket }));
  await s3.send(new PutBucketVersioningCommand({ Bucket: bucket, VersioningConfiguration: { Status: 'Enabled' } }));
  const put = (Key: string, Body: Buffer | string) => s3.send(new PutObjectCommand({ Bucket: bucket, Key, Body }));
  const found = async () => (await findCanariesInBucket(s3, bucket, traces)).found;
  await put('clean.json', '{}');
  expect(await found()).toEqual([]);
  await put('plain.json', JSON.stringify({ a: [`x${canary}x`] }));
  await put('v1.metadata.json.gz', gzipSync(`x${canary}x`));
  await put(`dt=2026-03-01/${canary}.parquet.crc`, 'x');
  await put('a.stats', puffin(zstdCompressSync(Buffer.from(`x${canary}x`))));
  await put('overwritten.json', canary);
  await put('overwritten.json', '{}');
  const places = (await found()).map((place) => place.replace(/ \(.*/, ''));
  expect(places).toEqual(
    ['a.stats', `dt=2026-03-01/${canary}.parquet.crc`, 'overwritten.json', 'plain.json', 'v1.metadata.json.gz'].sort(),
  );
});

/** A Puffin file of one packed blob. */
function puffin(blob: Buffer): Buffer {
  const footer = Buffer.from(
    JSON.stringify({ blobs: [{ type: 'x', fields: [], offset: 4, length: blob.length, 'compression-codec': 'zstd' }] }),
  );
  const size = Buffer.alloc(8);
  size.writeInt32LE(footer.length);
  const magic = Buffer.from('PFA1');
  return Buffer.concat([magic, blob, magic, footer, size, magic]);
}

test('fifty people go from every byte of a lake in two batches while the sink appends, and nobody else is touched', async () => {
  await ingestCrowd();
  await ingestCanaries();
  await lake.run('backfill', { from: days[0], to: days.at(-1) });
  const before = await everyRow();
  const full = await findCanariesInBucket(lake.s3, lake.bucket, traces);
  // It would find them where they are: in Parquet's pages, and in the bounds of Avro's manifests.
  expect(full.found.some((place) => place.includes('(Parquet'))).toBe(true);
  expect(full.found.some((place) => place.includes('(Avro'))).toBe(true);
  expect(full.kinds.Puffin).toBeGreaterThan(0);

  const writer = new Writer();
  writer.begin();
  await lake.submit(...canaries.slice(0, 30));
  await lake.tick();
  // Records of theirs that come late, up to the moment they asked: on a day that lost rows, and on one that had none of theirs.
  await sink.send('chat', [
    message(`${canaries[0]}-late`, canaries[0] ?? '', `${day(0)}T12:00:00Z`),
    message(`${canaries[1]}-late`, canaries[1] ?? '', `${day(5)}T12:00:00Z`),
  ]);
  // Its check compares with bronze, which must not grow between the build and the check.
  await writer.end();
  await untilStored('bronze_chat_events', "chat_id like '%-late'", 2);
  await lake.run('silver-daily', { mode: 'named', window: { grain: 'day', from: day(0), to: day(1) } });
  expect((await everyRow()).silver_messages?.filter((row) => row.includes('-late'))).toEqual([]);
  writer.begin();
  await lake.submit(...canaries.slice(30));
  const batches = await lake.tickToTheEnd().catch(async (error: unknown) => {
    const rounds = (await lake.erasures.store.batches()).flatMap((batch) => batch.rounds);
    const failed = rounds.flatMap(({ proof = [] }) => proof.filter(({ passed }) => !passed));
    process.stdout.write(`    not proven: ${JSON.stringify(failed)}\n`);
    throw error;
  });
  await writer.end();
  process.stdout.write(
    `    ${writer.chats} messages and ${writer.calls} calls of others meanwhile; ${JSON.stringify(full.kinds)}\n`,
  );
  expect(batches.map(({ subjects, stage }) => [subjects, stage])).toEqual([
    [30, 'closed'],
    [20, 'closed'],
  ]);
  expect(batches[0]?.rounds.map(({ kind }) => kind)).toEqual(['erasure', 'sweep']);

  const after = await everyRow();
  for (const table of chatTables) {
    const { name } = table;
    if (isGold(table)) expect([name, after[name]]).toEqual([name, before[name]]);
    else if (namesUser(table)) expect([name, others(after[name])]).toEqual([name, others(before[name])]);
  }
  expect(others(before.silver_messages)).toHaveLength(people + 30);
  expect(after.bronze_rejected_records).toEqual(before.bronze_rejected_records);
  await expectWritten(writer);
  // Rooms that were shared keep what others wrote in them.
  const rooms = (rows: Rows) => new Set((rows.silver_room_daily ?? []).flatMap((row) => /"room-\d+/.exec(row) ?? []));
  expect(rooms(after)).toEqual(rooms(before));
  expect(rooms(after).size).toBe(300);

  // What an execution's history, a log of calls and the ledgers hold, beside the bucket.
  appendFileSync(join(lake.folder, 'history.json'), JSON.stringify(calls));
  expect(calls.length).toBeGreaterThan(100);
  expect(await findCanaries(lake.folder, traces)).toEqual([]);
  const left = await findCanariesInBucket(lake.s3, lake.bucket, traces);
  process.stdout.write(`    read at the end: ${left.objects} objects, ${JSON.stringify(left.kinds)}\n`);
  expect(left.found).toEqual([]);
  await expectNobodyInKafka();
  const key = readFileSync(join(lake.folder, 'erasures', 'keys', 'evidence-public.pem'), 'utf8');
  for (const { id } of batches) {
    const text = readFileSync(join(lake.folder, 'erasures', 'evidence', `${id}.json`), 'utf8');
    const { genuine, doubts } = verifyEvidence(readEvidence(text, id), key);
    expect({ genuine, doubts }).toEqual({ genuine: true, doubts: [] });
  }
  writeFileSync(join(lake.folder, 'history.json'), '');
});
