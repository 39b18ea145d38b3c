import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import type { ObjectReader } from '../../../core/iceberg/object-reader.ts';
import { rowsWith } from '../../../core/iceberg/parquet-column.ts';
import { daysOf } from '../../../core/iceberg/partition-days.ts';
import { readTableState, readWhileItChanges } from '../../../core/iceberg/table-state.ts';
import { avro, manifestEntry, manifestFile, stored } from './stored-iceberg.ts';

/** An id beyond what a double can hold. */
const snapshot = '4699962791038930648';

function file(status: number, name: string, content = 0) {
  const bound = [{ key: 2, value: Buffer.from(name) }];
  return {
    status,
    snapshot_id: 7,
    sequence_number: status === 1 ? null : 3,
    data_file: {
      content,
      file_path: `s3://lake/t/data/${name}`,
      file_format: 'PARQUET',
      partition: { dt: 20_500 },
      record_count: 2,
      file_size_in_bytes: 100,
      lower_bounds: bound,
      upper_bounds: null,
    },
  };
}

const metadata = `{
  "location": "s3://lake/t", "current-snapshot-id": ${snapshot}, "current-schema-id": 0,
  "schemas": [{ "schema-id": 0, "fields": [{ "id": 2, "name": "user_id" }, { "id": 5, "name": "dt" }] }],
  "partition-specs": [{ "spec-id": 0, "fields": [{ "name": "dt", "transform": "identity", "source-id": 5 }] }],
  "snapshots": [{ "snapshot-id": ${snapshot}, "timestamp-ms": 1, "manifest-list": "s3://lake/t/metadata/list.avro" }],
  "refs": { "main": { "snapshot-id": ${snapshot}, "type": "branch" } },
  "metadata-log": [{ "metadata-file": "s3://lake/t/metadata/v1.json" }],
  "statistics": [{ "statistics-path": "s3://lake/t/metadata/a.stats" }]
}`;

test('a table is read from its own files: live ones, tombstones, and everything that it names', async () => {
  const manifest = {
    manifest_path: 's3://lake/t/metadata/m.avro',
    partition_spec_id: 0,
    content: 0,
    sequence_number: 9,
  };
  const objects = new Map([
    ['s3://lake/t/metadata/v2.json', Buffer.from(metadata)],
    ['s3://lake/t/metadata/list.avro', await avro(manifestFile, [manifest], 'null')],
    [
      manifest.manifest_path,
      await avro(manifestEntry, [file(1, 'added'), file(0, 'kept', 1), file(2, 'kept', 1), file(2, 'gone')], 'deflate'),
    ],
  ]);
  let asked = 0;
  const state = await readWhileItChanges(async () => {
    asked += 1;
    // The first answer is out of date by the time it is read.
    return await readTableState(stored(objects), `s3://lake/t/metadata/v${asked}.json`);
  });
  expect(state.metadata.current).toBe(snapshot);
  expect(state.metadata.refs).toEqual({ main: snapshot });
  expect(state.current.map(({ path, content, sequence }) => [path.slice(17), content, sequence])).toEqual([
    ['added', 'data', 9],
    ['kept', 'position deletes', 3],
  ]);
  const entries = state.manifests.get(manifest.manifest_path) ?? [];
  expect(entries.map(({ isTombstone, lower, snapshot: id }) => [isTombstone, String(lower.get(2)), id])).toEqual([
    [false, 'added', '7'],
    [false, 'kept', '7'],
    [true, 'kept', '7'],
    [true, 'gone', '7'],
  ]);
  expect([...state.named].map((address) => address.replace('s3://lake/t/', '')).sort()).toEqual([
    'data/added',
    'data/kept',
    'metadata/a.stats',
    'metadata/list.avro',
    'metadata/m.avro',
    'metadata/v1.json',
    'metadata/v2.json',
  ]);
  const [first] = entries;
  expect(first === undefined ? [] : daysOf(first, state.metadata, 'dt')).toEqual(['2026-02-16']);
  expect(first === undefined ? [] : daysOf(first, state.metadata, 'timestamp')).toBeUndefined();
});

test('rows of some people are found in Parquet, with their instants to the microsecond, and groups without them are not read', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'lethe-parquet-'));
  const path = join(folder, 'a.parquet');
  const connection = await (await DuckDBInstance.create()).connect();
  await connection.run(`copy (
    select case when n = 3 then null else 'person-' || lpad(cast(n as varchar), 6, '0') end as user_id, date '2026-03-05' as dt,
      timestamp '2026-03-05 10:00:00.000001' + to_microseconds(n) as at, md5(cast(n as varchar)) as padding
    from range(60000) t(n)
  ) to '${path}' (format parquet, compression zstd, row_group_size 6000)`);
  connection.closeSync();
  const bytes = readFileSync(path);
  rmSync(folder, { recursive: true });
  let read = 0;
  const objects: ObjectReader = {
    list: async () => [],
    read: async (_address, from = 0, to = bytes.length) => {
      read += to - from;
      return bytes.subarray(from, to);
    },
  };
  const place = { path: 's3://lake/a.parquet', bytes: bytes.length };
  const rows = await rowsWith(
    objects,
    place,
    'user_id',
    ['nobody', 'null', 'person-000007', 'person-009999'],
    ['dt', 'at'],
  );
  const start = BigInt(Date.parse('2026-03-05T10:00:00Z')) * 1_000n + 1n;
  expect(rows).toEqual([
    { user_id: 'person-000007', dt: new Date('2026-03-05'), at: start + 7n },
    { user_id: 'person-009999', dt: new Date('2026-03-05'), at: start + 9_999n },
  ]);
  // The footer, half a megabyte at most, and of two of ten groups three narrow columns.
  expect(read).toBeLessThan(bytes.length * 0.6);
  expect(await rowsWith(objects, place, 'user_id', ['aaa', 'person-1', 'zzz'], ['at'])).toEqual([]);
});
