import { z } from 'zod';
import { readAvro } from './avro.ts';

const long = z.bigint().transform(Number);
const bound = z.array(z.object({ key: z.int(), value: z.instanceof(Buffer) })).nullish();

const listed = z.object({
  manifest_path: z.string(),
  partition_spec_id: z.int(),
  content: z.int().default(0),
  sequence_number: long.default(0),
});

const dataFile = z.object({
  content: z.int().default(0),
  file_path: z.string(),
  file_format: z.string(),
  // The reader of Avro makes a class for each kind of record.
  partition: z.unknown().transform((record): Record<string, unknown> => ({ ...Object(record) })),
  record_count: long,
  file_size_in_bytes: long,
  lower_bounds: bound,
  upper_bounds: bound,
  referenced_data_file: z.string().nullish(),
});

const entry = z.object({
  status: z.int(),
  snapshot_id: z.bigint().nullish(),
  sequence_number: z.bigint().nullish(),
  data_file: dataFile,
});

/** A manifest as a snapshot's list names it. */
export interface ListedManifest {
  readonly path: string;
  readonly spec: number;
  /** What its files that name no sequence number of their own have. */
  readonly sequence: number;
}

/** A file of a table as a manifest names it. A tombstone says that the file was taken out of the table. */
export interface ManifestEntry {
  readonly content: 'data' | 'position deletes' | 'equality deletes';
  readonly isTombstone: boolean;
  /** The snapshot that added the file, or took it out. */
  readonly snapshot: string | undefined;
  readonly sequence: number;
  readonly path: string;
  readonly format: string;
  readonly spec: number;
  readonly partition: Readonly<Record<string, unknown>>;
  readonly rows: number;
  readonly bytes: number;
  /** Least and greatest value by the column's id, as far as a writer has noted them. */
  readonly lower: ReadonlyMap<number, Buffer>;
  readonly upper: ReadonlyMap<number, Buffer>;
  /** The one data file that a file of deletes is for, where it says so. */
  readonly deletesFrom: string | undefined;
}

/** Field id of `file_path` in files of position deletes. Source: Iceberg's table specification, reserved field ids. */
const pathField = 2_147_483_546;

/** Reads the list of a snapshot's manifests. */
export async function readManifestList(bytes: Buffer): Promise<ListedManifest[]> {
  return (await readAvro(bytes)).map((record) => {
    const { manifest_path, partition_spec_id, sequence_number } = listed.parse(record);
    return { path: manifest_path, spec: partition_spec_id, sequence: sequence_number };
  });
}

/** Reads a manifest: every entry of it, tombstones too. */
export async function readManifest(bytes: Buffer, manifest: ListedManifest): Promise<ManifestEntry[]> {
  return (await readAvro(bytes)).map((record) => {
    const { status, snapshot_id, sequence_number, data_file: file } = entry.parse(record);
    const [lower, upper] = [boundsOf(file.lower_bounds), boundsOf(file.upper_bounds)];
    return {
      content: file.content === 0 ? 'data' : file.content === 1 ? 'position deletes' : 'equality deletes',
      isTombstone: status === 2,
      snapshot: snapshot_id?.toString(),
      sequence: sequence_number === null || sequence_number === undefined ? manifest.sequence : Number(sequence_number),
      path: file.file_path,
      format: file.file_format.toUpperCase(),
      spec: manifest.spec,
      partition: file.partition,
      rows: file.record_count,
      bytes: file.file_size_in_bytes,
      lower,
      upper,
      deletesFrom: file.referenced_data_file ?? onlyPath(lower.get(pathField), upper.get(pathField)),
    };
  });
}

function boundsOf(pairs: z.infer<typeof bound>): Map<number, Buffer> {
  return new Map((pairs ?? []).map(({ key, value }) => [key, value]));
}

/** Bounds of a path are not cut short where a file of deletes is for one data file: they are then the same. */
function onlyPath(lower: Buffer | undefined, upper: Buffer | undefined): string | undefined {
  return lower !== undefined && upper !== undefined && lower.equals(upper) ? lower.toString() : undefined;
}
