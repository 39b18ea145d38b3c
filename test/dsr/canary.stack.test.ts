import { appendFileSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { gzipSync, zstdCompressSync } from 'node:zlib';
import { CreateBucketCommand, PutBucketVersioningCommand, PutObjectCommand } from '@aws-sdk/client-s3';
import { chatTables } from '../../core/chat/tables.ts';
import { readEvidence, verifyEvidence } from '../../core/dsr/evidence.ts';
import { addDays, dateOf } from '../../core/window.ts';
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

let lake: ErasingTrinoLake;
const calls: unknown[] = [];
beforeAll(async () => {
  lake = await openErasingTrinoLake({
    settings: { minimumUsersPerCell: 1 },
    onCall: (call) => calls.push(call),
  });
});
afterAll(() => lake.close());

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

/** In files with others, in files of their own, and in files of one row. */
async function ingestCanaries(): Promise<void> {
  const mixed = canaries.slice(0, 30).flatMap((canary, n) => [neighbour(n), ...chatsOf(canary, n)]);
  await lake.ingest('chat', mixed);
  await lake.ingest(
    'chat',
    canaries.slice(30, 47).flatMap((canary, n) => chatsOf(canary, n + 30)),
  );
  for (const [n, canary] of canaries.slice(47).entries()) {
    for (const chat of chatsOf(canary, n + 47)) await lake.ingest('chat', [chat]);
  }
  await lake.ingest('tool', canaries.map(callOf));
  // Delivered again.
  await lake.ingest('chat', chatsOf(canaries[0] ?? '', 0));
  const rejected = canaries.map(
    (_, n) => `('chat', 0, ${n}, date '${today}', current_timestamp, 'timestamp', 'not a time')`,
  );
  await lake.trino(
    `insert into bronze_rejected_records (topic, partition, "offset", dt, ingested_at, field, reason)
     select a, b, c, d, cast(e as timestamp(6)), f, g from (values ${rejected.join(', ')}) as t(a, b, c, d, e, f, g)`,
  );
}

/** Appends others' rows to bronze without a pause, on the days that lose rows and on today, until it is told to stop. */
class Writer {
  written = 0;
  #running: Promise<void> | undefined;
  #isStopping = false;

  begin(): void {
    this.#isStopping = false;
    this.#running = this.#write();
    // It is told of when somebody waits for the end.
    this.#running.catch(() => undefined);
  }

  async end(): Promise<void> {
    this.#isStopping = true;
    await this.#running;
  }

  async #write(): Promise<void> {
    while (!this.#isStopping) {
      const n = this.written;
      const date = n % 3 === 0 ? today : day(n);
      const [chat, writer] = [`written-${n}`, `writer-${n}`];
      await lake.ingest('chat', [message(chat, writer, `${date}T00:00:00Z`, { room_id: `room-${n % 300}` })]);
      if (n % 4 === 0) await lake.ingest('tool', [toolCall(`made-${n}`, chat, writer, `${date}T00:00:01Z`)]);
      this.written += 1;
      await sleep(250);
    }
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

test('fifty people go from every byte of a lake in two batches while others write, and nobody else is touched', async () => {
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
  await lake.ingest('chat', [message(`${canaries[0]}-late`, canaries[0] ?? '', `${day(0)}T12:00:00Z`)]);
  await lake.ingest('chat', [message(`${canaries[1]}-late`, canaries[1] ?? '', `${day(5)}T12:00:00Z`)]);
  // Its check compares with bronze, which must not grow between the build and the check.
  await writer.end();
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
  const { written } = writer;
  process.stdout.write(`    ${written} commits of others meanwhile; ${JSON.stringify(full.kinds)}\n`);
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
  expect((after.bronze_chat_events ?? []).filter((row) => row.includes('writer-'))).toHaveLength(written);
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
  const key = readFileSync(join(lake.folder, 'erasures', 'keys', 'evidence-public.pem'), 'utf8');
  for (const { id } of batches) {
    const text = readFileSync(join(lake.folder, 'erasures', 'evidence', `${id}.json`), 'utf8');
    const { genuine, doubts } = verifyEvidence(readEvidence(text, id), key);
    expect({ genuine, doubts }).toEqual({ genuine: true, doubts: [] });
  }
  writeFileSync(join(lake.folder, 'history.json'), '');
});
