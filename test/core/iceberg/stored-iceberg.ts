import avsc from 'avsc';
import { ObjectMissing, type ObjectReader } from '../../../core/iceberg/object-reader.ts';

const nullable = (type: unknown) => ['null', type];
const record = (name: string, types: Readonly<Record<string, unknown>>) => ({
  type: 'record',
  name,
  fields: Object.entries(types).map(([field, type]) => ({ name: field, type })),
});
/** Avro has no maps whose keys are numbers: Iceberg writes them as lists of pairs. */
const bounds = (name: string) =>
  nullable({ type: 'array', items: record(name, { key: 'int', value: 'bytes' }), logicalType: 'map' });

const dataFile = record('r2', {
  content: 'int',
  file_path: 'string',
  file_format: 'string',
  partition: record('r102', { dt: nullable({ type: 'int', logicalType: 'date' }) }),
  record_count: 'long',
  file_size_in_bytes: 'long',
  lower_bounds: bounds('lower_bound'),
  upper_bounds: bounds('upper_bound'),
});

/** Schema of a manifest's entries, as far as it is read. */
export const manifestEntry = record('manifest_entry', {
  status: 'int',
  snapshot_id: nullable('long'),
  sequence_number: nullable('long'),
  data_file: dataFile,
});

/** Schema of a list of manifests. */
export const manifestFile = record('manifest_file', {
  manifest_path: 'string',
  partition_spec_id: 'int',
  content: 'int',
  sequence_number: 'long',
});

/** A file of Avro. */
export async function avro(schema: object, records: readonly unknown[], codec: string): Promise<Buffer> {
  const encoder = new avsc.streams.BlockEncoder(avsc.Type.forSchema(JSON.parse(JSON.stringify(schema))), { codec });
  const parts: Buffer[] = [];
  encoder.on('data', (part: Buffer) => parts.push(part));
  const done = new Promise<void>((resolve) => encoder.on('end', resolve));
  for (const record of records) encoder.write(record);
  encoder.end();
  await done;
  return Buffer.concat(parts);
}

/** Objects in memory, all of them listed. */
export function stored(objects: ReadonlyMap<string, Buffer>): ObjectReader {
  return {
    list: async () => [...objects.keys()].map((address) => ({ address, modified: new Date(0), isSuperseded: false })),
    read: async (address, from, to) => {
      const bytes = objects.get(address);
      if (bytes === undefined) throw new ObjectMissing(address);
      return bytes.subarray(from, to);
    },
  };
}

/** A data file of a table, of one day. */
export interface StoredFile {
  readonly name: string;
  /** `YYYY-MM-DD`. */
  readonly day: string;
  readonly rows: number;
  /** Default: Parquet. */
  readonly format?: string;
  readonly bytes: Buffer;
}

/**
 * The objects of a table whose column `dt` is its partition and `user_id` its second column, and whose current snapshot has some files.
 *
 * @param version id of that snapshot; the metadata file is `metadata/v<version>.json` below the table's location.
 * @param earlier ids of snapshots from before that can still be read.
 */
export async function storedTable(
  location: string,
  version: number,
  files: readonly StoredFile[],
  earlier: readonly number[] = [],
) {
  const at = (name: string) => `${location}/${name}`;
  const manifest = {
    manifest_path: at(`metadata/m${version}.avro`),
    partition_spec_id: 0,
    content: 0,
    sequence_number: 1,
  };
  const entries = files.map(({ name, day, rows, format = 'PARQUET', bytes }) => ({
    status: 1,
    snapshot_id: version,
    sequence_number: null,
    data_file: {
      content: 0,
      file_path: at(`data/${name}`),
      file_format: format,
      partition: { dt: Date.parse(`${day}T00:00:00Z`) / 86_400_000 },
      record_count: rows,
      file_size_in_bytes: bytes.length,
      lower_bounds: null,
      upper_bounds: null,
    },
  }));
  const metadata = {
    location,
    'current-snapshot-id': version,
    'current-schema-id': 0,
    schemas: [
      {
        'schema-id': 0,
        fields: [
          { id: 2, name: 'user_id' },
          { id: 5, name: 'dt' },
        ],
      },
    ],
    'partition-specs': [{ 'spec-id': 0, fields: [{ name: 'dt', transform: 'identity', 'source-id': 5 }] }],
    snapshots: [...earlier, version].map((id) => ({
      'snapshot-id': id,
      'timestamp-ms': id,
      'manifest-list': at(`metadata/list${id}.avro`),
    })),
  };
  return new Map([
    [at(`metadata/v${version}.json`), Buffer.from(JSON.stringify(metadata))],
    [at(`metadata/list${version}.avro`), await avro(manifestFile, [manifest], 'null')],
    [manifest.manifest_path, await avro(manifestEntry, entries, 'null')],
    ...files.map(({ name, bytes }): [string, Buffer] => [at(`data/${name}`), bytes]),
  ]);
}
