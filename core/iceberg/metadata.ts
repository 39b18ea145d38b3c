import { z } from 'zod';

const field = z.object({ id: z.int(), name: z.string() });

const shape = z.object({
  location: z.string(),
  'current-snapshot-id': z.string().nullish(),
  'current-schema-id': z.int(),
  schemas: z.array(z.object({ 'schema-id': z.int(), fields: z.array(field) })),
  'partition-specs': z.array(
    z.object({
      'spec-id': z.int(),
      fields: z.array(z.object({ name: z.string(), transform: z.string(), 'source-id': z.int() })),
    }),
  ),
  snapshots: z
    .array(z.object({ 'snapshot-id': z.string(), 'timestamp-ms': z.number(), 'manifest-list': z.string() }))
    .default([]),
  refs: z.record(z.string(), z.object({ 'snapshot-id': z.string() })).default({}),
  'metadata-log': z.array(z.object({ 'metadata-file': z.string() })).default([]),
  statistics: z.array(z.object({ 'statistics-path': z.string() })).default([]),
  'partition-statistics': z.array(z.object({ 'statistics-path': z.string() })).default([]),
});

/** A state that a table was in, and may still be read in. */
export interface Snapshot {
  readonly id: string;
  readonly at: Date;
  /** Address of the list of its manifests. */
  readonly manifestList: string;
}

/** What a table's metadata file says of its files. */
export interface TableMetadata {
  readonly location: string;
  readonly current: string | undefined;
  readonly snapshots: readonly Snapshot[];
  /** Branches and tags: the snapshot of each, by name. */
  readonly refs: Readonly<Record<string, string>>;
  /** Ids of all columns that the table ever had, by name. */
  readonly fields: ReadonlyMap<string, readonly number[]>;
  /** Of each partition specification, its fields: name of the value, transform, column. */
  readonly specs: ReadonlyMap<number, readonly PartitionField[]>;
  /** Addresses of other files that the metadata names: earlier metadata, statistics. */
  readonly named: readonly string[];
}

export interface PartitionField {
  readonly name: string;
  readonly transform: string;
  readonly column: string;
}

/** Ids of snapshots do not fit into JavaScript's numbers. */
const snapshotIds = /("(?:[a-z]+-)?snapshot-id"\s*:\s*)(-?\d+)/g;

/** Reads a metadata file of Iceberg. @throws z.ZodError when it is none. */
export function readTableMetadata(text: string): TableMetadata {
  const table = shape.parse(JSON.parse(text.replaceAll(snapshotIds, '$1"$2"')));
  const fields = new Map<string, number[]>();
  const names = new Map<number, string>();
  for (const { id, name } of table.schemas.flatMap((schema) => schema.fields)) {
    fields.set(name, [...new Set([...(fields.get(name) ?? []), id])]);
    names.set(id, name);
  }
  const { 'current-snapshot-id': current } = table;
  return {
    location: table.location,
    current: current === null || current === '-1' ? undefined : current,
    snapshots: table.snapshots.map((snapshot) => ({
      id: snapshot['snapshot-id'],
      at: new Date(snapshot['timestamp-ms']),
      manifestList: snapshot['manifest-list'],
    })),
    refs: Object.fromEntries(Object.entries(table.refs).map(([name, ref]) => [name, ref['snapshot-id']])),
    fields,
    specs: new Map(
      table['partition-specs'].map((spec) => [
        spec['spec-id'],
        spec.fields.map(({ name, transform, 'source-id': source }) => ({
          name,
          transform,
          column: names.get(source) ?? name,
        })),
      ]),
    ),
    named: [
      ...table['metadata-log'].map((entry) => entry['metadata-file']),
      ...[...table.statistics, ...table['partition-statistics']].map((entry) => entry['statistics-path']),
    ],
  };
}
