import { type ManifestEntry, readManifest, readManifestList } from './manifest.ts';
import { readTableMetadata, type TableMetadata } from './metadata.ts';
import { ObjectMissing, type ObjectReader, type StoredObject } from './object-reader.ts';

/** Everything that a table consists of, as its own files and the storage's listing say. */
export interface TableState {
  readonly metadata: TableMetadata;
  /** Entries by the address of their manifest: those of every snapshot that can still be read. */
  readonly manifests: ReadonlyMap<string, readonly ManifestEntry[]>;
  /** Data files and files of deletes that are in the table now, or in a snapshot that can still be read; each once. */
  readonly live: readonly ManifestEntry[];
  /** Those of the current snapshot alone. */
  readonly current: readonly ManifestEntry[];
  /** Addresses of all files that belong to the table. */
  readonly named: ReadonlySet<string>;
  /** Every version of every object below the table's location. */
  readonly objects: readonly StoredObject[];
}

/** How often a table is read again that changes while it is read. */
const mostReadings = 5;

/**
 * Reads what a table consists of. One that is changed meanwhile is read again.
 *
 * @param metadataFile asks the catalogue for the address of the table's metadata.
 */
export async function readTableState(objects: ObjectReader, metadataFile: () => Promise<string>): Promise<TableState> {
  for (let reading = 1; ; reading++) {
    try {
      return await readOnce(objects, await metadataFile());
    } catch (error) {
      // Somebody has expired a snapshot since: its files are gone, and the next metadata no longer names them.
      if (!(error instanceof ObjectMissing) || reading === mostReadings) throw error;
    }
  }
}

async function readOnce(objects: ObjectReader, file: string): Promise<TableState> {
  const metadata = readTableMetadata((await objects.read(file)).toString('utf8'));
  const manifests = new Map<string, ManifestEntry[]>();
  const named = new Set([file, ...metadata.named]);
  const live = new Map<string, ManifestEntry>();
  const current: ManifestEntry[] = [];
  for (const { id, manifestList } of metadata.snapshots) {
    named.add(manifestList);
    for (const manifest of await readManifestList(await objects.read(manifestList))) {
      named.add(manifest.path);
      const entries = manifests.get(manifest.path) ?? (await readManifest(await objects.read(manifest.path), manifest));
      manifests.set(manifest.path, entries);
      for (const entry of entries.filter(({ isTombstone }) => !isTombstone)) {
        live.set(entry.path, entry);
        if (id === metadata.current) current.push(entry);
      }
    }
  }
  for (const path of live.keys()) named.add(path);
  // Last, so that whatever the metadata names has been there before.
  const listed = await objects.list(`${metadata.location.replace(/\/$/, '')}/`);
  return { metadata, manifests, live: [...live.values()], current, named, objects: listed };
}
