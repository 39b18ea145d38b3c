import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import type { DuckDBConnection } from '@duckdb/node-api';
import { chatTopic } from '../../../core/chat/topics.ts';
import { DeclarationError, InputError } from '../../../core/errors.ts';
import { maxRecordBytes } from '../../../core/ingest/admit.ts';
import { loadFile } from '../../../local/ingest/load-file.ts';
import { admissionCases } from '../../core/ingest/admission-cases.ts';
import { emptyBronze, openBronze, rowsOf, tables } from './bronze.ts';

const arrival = new Date('2026-01-06T18:00:00Z');
let folder: string;
let connection: DuckDBConnection;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'lethe-ingest-'));
  connection = await emptyBronze(':memory:');
});

afterEach(() => {
  connection.closeSync();
  rmSync(folder, { recursive: true });
});

function record(chatId: string, more = ''): string {
  return `{"chat_id":"${chatId}","user_id":"u1","room_id":"r1","timestamp":"2026-01-06T12:00:00Z"${more}}`;
}

function file(content: string | Buffer, name = 'events.ndjson'): string {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
}

async function load(path: string, more: { again?: boolean } = {}) {
  return loadFile({ connection, topic: chatTopic, tables, path, arrival, ...more });
}

const chatIds = () => rowsOf(connection, 'select chat_id from lake.bronze_chat_events');

test('every shared case that fits on a line is stored, or rejected, as it says', async () => {
  const cases = admissionCases().filter(
    ({ topic, bytes, arrival: at }) =>
      topic === 'chat' && at.getTime() === arrival.getTime() && !bytes.includes('\n') && bytes.toString().trim() !== '',
  );
  // The first line is an ordinary record, so that a case may begin with a byte order mark.
  const content = Buffer.concat([
    Buffer.from(`${record('c0')}\n`),
    ...cases.flatMap(({ bytes }) => [bytes, Buffer.from('\n')]),
  ]);
  const { accepted, rejectedByReason } = await load(file(content));

  const names = chatTopic.fields.map((field) => `"${field.name}"`).join(', ');
  const rows = await rowsOf(connection, `select ${names} from lake.bronze_chat_events`);
  const expected = cases.flatMap(({ row }) => (row ? [chatTopic.fields.map(({ name }) => row[name] ?? null)] : []));
  const zeros = /(\.\d*?)0+$/;
  expect(rows.slice(1)).toEqual(
    expected.map((row) =>
      row.map((value, index) =>
        chatTopic.fields[index]?.kind === 'instant' && value !== null
          ? value.replace('T', ' ').replace(zeros, '$1').replace(/\.$/, '')
          : value,
      ),
    ),
  );
  expect(accepted).toBe(rows.length);

  const rejections = await rowsOf(connection, 'select "offset", field, reason from lake.bronze_rejected_records');
  expect(rejections).toEqual(
    cases.flatMap(({ rejected }, index) => (rejected ? [[String(index + 2), rejected.field, rejected.reason]] : [])),
  );
  expect(Object.values(rejectedByReason).reduce((sum, count) => sum + count, 0)).toBe(rejections.length);
});

test('a rejected record is found again by file and line, and nothing of it is kept', async () => {
  await load(file(`\n${record('c1')}\n\r\n{"chat_id":"secret-id","timestamp":7\n`));
  expect(await rowsOf(connection, 'from lake.bronze_rejected_records')).toEqual([
    ['events.ndjson', '0', '4', '2026-01-06', '2026-01-06 18:00:00', null, 'not an object'],
  ]);
});

test('line endings of Windows, a byte order mark, blank lines and a missing last line feed make no difference', async () => {
  const path = file(`\ufeff${record('c1')}\r\n\r\n \t\r\n${record('c2')}\r\n${record('c3')}`);
  expect(await load(path)).toEqual({ accepted: 3, rejectedByReason: {} });
  expect(await chatIds()).toEqual([['c1'], ['c2'], ['c3']]);
});

test('a cut off last line and a line that is too long are rejected, their neighbours stored', async () => {
  const long = record('c2', `,"user_original_query":"${'x'.repeat(maxRecordBytes)}"`);
  const path = file(`${record('c1')}\n${long}\n${record('c3')}\n${record('c4').slice(0, 40)}`);
  expect(await load(path)).toEqual({ accepted: 2, rejectedByReason: { 'too long': 1, 'not an object': 1 } });
  expect(await chatIds()).toEqual([['c1'], ['c3']]);
});

test('gzip is known by its first bytes, also in several members', async () => {
  const packed = Buffer.concat([gzipSync(`${record('c1')}\n`), gzipSync(record('c2'))]);
  expect(await load(file(packed, 'events.bin'))).toEqual({ accepted: 2, rejectedByReason: {} });
});

test('an empty file has no records, as often as it comes', async () => {
  for (const content of ['', '', '\r\n', gzipSync('')]) {
    expect(await load(file(content))).toEqual({ accepted: 0, rejectedByReason: {} });
  }
});

test('content that was loaded is refused, packed or under another name too, unless it is asked for again', async () => {
  const content = `${record('c1')}\nnot a record\n`;
  await load(file(content));
  await expect(load(file(content, 'copy.ndjson'))).rejects.toThrow(InputError);
  await expect(load(file(gzipSync(content), 'packed.gz'))).rejects.toThrow(/ingested on 2026-01-06T18:00:00Z already/);
  expect(await chatIds()).toHaveLength(1);
  expect(await rowsOf(connection, 'from lake.bronze_rejected_records')).toHaveLength(1);

  await load(file(content), { again: true });
  expect(await chatIds()).toHaveLength(2);
  expect(await rowsOf(connection, 'from lake.bronze_rejected_records')).toHaveLength(2);
});

test('what cannot be read is an input error that says what to do, and nothing is stored', async () => {
  const damaged = gzipSync(Array.from({ length: 50_000 }, (_, index) => record(`c${index}`)).join('\n'));
  const paths = [
    [join(folder, 'absent.ndjson'), /no such file/],
    [folder, /is a directory/],
    [file(damaged.subarray(0, -100), 'cut.gz'), /gzip/],
    [file(Buffer.of(0x1f, 0x8b, 1, 2, 3), 'no.gz'), /gzip/],
  ] as const;
  for (const [path, message] of paths) {
    const failure = await load(path).catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(InputError);
    expect(String(failure)).toMatch(message);
  }
  if (process.getuid?.() !== 0) {
    const secret = file(record('c1'), 'secret.ndjson');
    chmodSync(secret, 0o000);
    await expect(load(secret)).rejects.toThrow(/may not be read/);
  }
  expect(await chatIds()).toEqual([]);
  // The connection is fit for the next file.
  expect(await load(file(record('c1'), 'good.ndjson'))).toEqual({ accepted: 1, rejectedByReason: {} });
});

test('a table that does not have the topic’s columns is a fault of the declaration', async () => {
  await connection.run('alter table lake.bronze_chat_events add column thought varchar');
  await expect(load(file(record('c1')))).rejects.toThrow(DeclarationError);
});

test('an error inside DuckDB is told by its kind alone, and leaves nothing', async () => {
  await connection.run('create unique index one_chat on lake.bronze_chat_events (chat_id)');
  const failure = await load(file(`${record('c1')}\n${record('secret-id')}\n${record('secret-id')}`)).catch(String);
  expect(failure).toMatch(/^StatementFailed: .*bronze_chat_events/);
  expect(failure).not.toMatch(/secret-id/);
  expect(await chatIds()).toEqual([]);
});

test('rows keep the order of the file, and progress is told, over many chunks', async () => {
  const count = 12_345;
  const path = file(
    Array.from({ length: count }, (_, index) => record(`c${index}`, index % 5 === 0 ? ',"model":1' : '')).join('\n'),
  );
  const seen: number[] = [];
  await loadFile({
    connection,
    topic: chatTopic,
    tables,
    path,
    arrival,
    onProgress: ({ accepted, rejected, bytesRead, bytesTotal }) => {
      expect(bytesRead).toBeLessThanOrEqual(bytesTotal);
      seen.push(accepted + rejected);
    },
  });
  expect(seen.at(-1)).toBe(count);
  const ids = Array.from({ length: count }, (_, index) => index).filter((index) => index % 5 !== 0);
  expect(await chatIds()).toEqual(ids.map((index) => [`c${index}`]));
});

test('killed in the middle it leaves nothing, and the next attempt everything', async () => {
  const count = 60_000;
  const path = file(Array.from({ length: count }, (_, index) => record(`c${index}`)).join('\n'));
  const database = join(folder, 'home.duckdb');
  const child = spawn(process.execPath, [join(__dirname, 'load-and-stall.ts'), database, path], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const ended = once(child, 'exit');
  await Promise.race([once(child.stdout, 'data'), ended]);
  child.kill('SIGKILL');
  expect(await ended).toEqual([null, 'SIGKILL']);

  connection.closeSync();
  connection = await openBronze(database);
  expect(await rowsOf(connection, 'select count(*) from lake.bronze_chat_events')).toEqual([['0']]);
  expect(await load(path)).toEqual({ accepted: count, rejectedByReason: {} });
});
