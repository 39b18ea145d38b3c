import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import { bronzeChatEvents, bronzeToolCalls } from '../../core/chat/tables.ts';
import { lakeBucket, s3Client } from '../../stack/stack.ts';
import { admissionCases } from '../core/ingest/admission-cases.ts';
import { openSinkLake, type SinkLake } from './sink-lake.ts';
import { stackAddresses } from './stack-addresses.ts';
import { bytesOf, download, keysBelow } from './stored-objects.ts';

const marker = 'PHASE-TWO-TEXT-OF-SOMEBODY';
const tables = { chat: bronzeChatEvents, tool: bronzeToolCalls };

/** The shared cases whose outcome does not depend on a clock that a test cannot set. */
const cases = admissionCases().filter(
  ({ arrival, rejected }) => arrival.getTime() < Date.now() && rejected?.reason !== 'in the future',
);

/** Records that carry the free text wherever a client might put it. */
const withText = {
  chat: ['user_original_query', 'thought', 'prompt', 'USER_ORIGINAL_QUERY'].map((field) =>
    JSON.stringify({
      chat_id: `text-${field}`,
      user_id: 'u',
      room_id: 'r',
      timestamp: '2026-01-06T12:00:00Z',
      [field]: `${marker} ${field}`,
    }),
  ),
  tool: ['thought', 'arguments'].map((field) =>
    JSON.stringify({
      reasoning_steps_id: `text-${field}`,
      chat_id: 'c',
      user_id: 'u',
      timestamp: '2026-01-06T12:00:00Z',
      [field]: { nested: [marker] },
    }),
  ),
};
const broken = [`{"chat_id": "${marker}"`, `${marker}`, JSON.stringify({ user_original_query: marker })];

let lake: SinkLake;
beforeAll(async () => {
  // One partition, so that a record's offset is its place.
  lake = await openSinkLake({ partitions: 1 });
  for (const topic of ['chat', 'tool'] as const) {
    const own = cases.filter((one) => one.topic === topic).map(({ bytes }) => bytes);
    await lake.send(topic, [...own, null, ...withText[topic], ...(topic === 'chat' ? broken : [])]);
  }
  await lake.untilStored(cases.length + withText.chat.length + withText.tool.length + broken.length, 120);
}, 240_000);
afterAll(() => lake.close());

describe.each(['chat', 'tool'] as const)('the sink, given the shared cases of %s,', (topic) => {
  const own = cases.filter((one) => one.topic === topic);

  test('stores every record that may enter, as all others store it', async () => {
    const columns = tables[topic].columns.map(({ name }) => `cast("${name}" as varchar) as "${name}"`);
    const rows = await lake.query(`select ${columns.join(', ')} from ${tables[topic].name}`);
    const stored = rows
      .map((row) => Object.fromEntries(Object.entries(row).filter(([, value]) => value !== null)))
      .map((row) => ({ ...row, timestamp: row.timestamp?.replace(' ', 'T') }))
      .filter((row) => !JSON.stringify(row).includes('"text-'));
    const expected = own.flatMap(({ row }) => (row === undefined ? [] : [row]));
    expect(stored.map(inOrder).toSorted()).toEqual(expected.map(inOrder).toSorted());
  });

  test('lists every other record with its place and the reason', async () => {
    const rows = await lake.query(
      `select "offset", field, reason from bronze_rejected_records
       where topic = '${lake.topicNames[topic]}' and "partition" = 0 and "offset" < ${own.length} order by 1`,
    );
    const expected = own.flatMap(({ rejected }, place) =>
      rejected === undefined ? [] : [{ offset: String(place), field: rejected.field, reason: rejected.reason }],
    );
    expect(rows).toEqual(expected);
  });
});

test('a record without a value is stored nowhere, and its consumers do not lag behind it', async () => {
  const { chat, tool } = lake.topicNames;
  for (const topic of ['chat', 'tool'] as const) await lake.send(topic, [null, null]);
  let lag = -1;
  for (const deadline = Date.now() + 60_000; Date.now() < deadline && lag !== 0; ) {
    lag = await lake.kafka.lag(`connect-${lake.sink}`, [chat, tool]);
  }
  expect(lag).toBe(0);
  await lake.untilStored(cases.length + withText.chat.length + withText.tool.length + broken.length, 5);
}, 90_000);

test('the free text is in no object, read raw or as Parquet', async () => {
  const s3 = s3Client(stackAddresses().awsUrl);
  const folder = mkdtempSync(join(tmpdir(), 'lethe-objects-'));
  try {
    const keys = await keysBelow(s3, lakeBucket, `${lake.sink}/`);
    for (const key of keys) expect([key, (await bytesOf(s3, lakeBucket, key)).includes(marker)]).toEqual([key, false]);
    const parquet = await download(
      s3,
      lakeBucket,
      keys.filter((key) => key.endsWith('.parquet')),
      folder,
    );
    expect(parquet.length).toBeGreaterThan(2);
    const duckdb = await (await DuckDBInstance.create()).connect();
    const known = [
      ...Object.values(tables).flatMap(({ columns }) => columns.map(({ name }) => name)),
      ...rejectedColumns,
    ];
    for (const path of parquet) {
      const schema = await duckdb.runAndReadAll(`select name from parquet_schema('${path}') where type is not null`);
      expect(
        schema
          .getRowsJson()
          .map(([name]) => name)
          .filter((name) => !known.includes(String(name))),
      ).toEqual([]);
      const found = await duckdb.runAndReadAll(
        `select count(*) from '${path}' t where cast(t as varchar) like '%${marker}%'`,
      );
      expect(found.getRowsJson()).toEqual([['0']]);
    }
  } finally {
    s3.destroy();
    rmSync(folder, { recursive: true });
  }
});

const rejectedColumns = ['topic', 'partition', 'offset', 'dt', 'ingested_at', 'field', 'reason'];

function inOrder(row: Readonly<Record<string, string | null | undefined>>): string {
  return JSON.stringify(Object.entries(row).toSorted(([one], [other]) => (one < other ? -1 : 1)));
}
