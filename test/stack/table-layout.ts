import type { Table } from '../../core/catalogue/table.ts';
import type { ErasingTrinoLake } from '../dsr/erasing-trino-lake.ts';
import { objectsBelow } from './stored-objects.ts';

/** Files of one partition that the newest snapshot needs. */
export interface PartitionFiles {
  /** As in the files' addresses, such as `dt=2050-12-31`; empty for a table without partitions. */
  readonly partition: string;
  readonly data: number;
  readonly deletes: number;
}

/** How an Iceberg table lies on storage. */
export interface TableLayout {
  readonly partitions: readonly PartitionFiles[];
  readonly snapshots: number;
  /** All objects of metadata, whether or not anything needs them. */
  readonly metadata: { readonly objects: number; readonly bytes: number; readonly versions: number };
  /** Partitions of every object that is there, whether or not anything needs it. */
  readonly stored: ReadonlySet<string>;
}

/** Looks at a table by its metadata tables and by the listing of its objects. */
export async function layoutOf(lake: ErasingTrinoLake, { name }: Table): Promise<TableLayout> {
  const files = await lake.trino(`select file_path, content from "${name}$files"`);
  const [[snapshots] = []] = await lake.trino(`select count(*) from "${name}$snapshots"`);
  const objects = await objectsBelow(lake.s3, lake.bucket, `tables/${lake.database}/${name}/`);
  const counts = new Map<string, { data: number; deletes: number }>();
  for (const [path, content] of files) {
    const partition = partitionIn(path ?? '');
    const { data, deletes } = counts.get(partition) ?? { data: 0, deletes: 0 };
    counts.set(partition, content === '0' ? { data: data + 1, deletes } : { data, deletes: deletes + 1 });
  }
  const metadata = objects.filter(({ key }) => key.includes('/metadata/'));
  return {
    partitions: [...counts]
      .map(([partition, count]) => ({ partition, ...count }))
      .sort((left, right) => left.partition.localeCompare(right.partition)),
    snapshots: Number(snapshots),
    metadata: {
      objects: metadata.length,
      bytes: metadata.reduce((sum, { bytes }) => sum + bytes, 0),
      versions: metadata.filter(({ key }) => key.endsWith('.metadata.json')).length,
    },
    stored: new Set(objects.map(({ key }) => partitionIn(key))),
  };
}

function partitionIn(path: string): string {
  return /\/(\w+=[^/]+)\//.exec(path)?.[1] ?? '';
}
