import { type ManifestEntry, readManifest, readManifestList } from './manifest.ts';
import { readTableMetadata, type TableMetadata } from './metadata.ts';
import { ObjectMissing, type ObjectReader, type StoredObject } from './object-reader.ts';

/** What a table consists of, as its own files say. */
export interface TableFiles {
  readonly metadata: TableMetadata;
  /** Entries by the address of their manifest: those of every snapshot that can still be read. */
  readonly manifests: ReadonlyMap<string, readonly ManifestEntry[]>;
  /** Data files and files of deletes that are in the table now, or in a snapshot that can still be read; each once. */
  readonly live: readonly ManifestEntry[];
  /** Those of the current snapshot alone. */
  readonly current: readonly ManifestEntry[];
  /** Addresses of all files that belong to the table. */
  readonly named: ReadonlySet<string>;
}

/** The same, and everything that is stored where the table lies. */
export interface TableState extends TableFiles {
  /** Every version of every object below the table's location. */
  readonly objects: readonly StoredObject[];
}

/** The snapshots that a table had when somebody looked at it. Later ones come after them; that one of them goes is a change. */
export interface TableVersion {
  /** Id of the newest of them; empty where there was none. */
  readonly snapshot: string;
  /** How many they were. */
  readonly snapshots: number;
}

/** The table has lost a snapshot that it had when somebody looked at it. */
export class TableChanged extends Error {
  override readonly name = 'TableChanged';
}

/** How often a table is read again that changes while it is read. */
const mostReadings = 5;

/**
 * Does something that reads a table's files, and does it again where the table has changed meanwhile: somebody has expired a
 * snapshot, whose files are gone, and the next metadata no longer names them.
 */
export async function readWhileItChanges<T>(read: () => Promise<T>): Promise<T> {
  for (let reading = 1; ; reading++) {
    try {
      return await read();
    } catch (error) {
      if (!(error instanceof ObjectMissing) || reading === mostReadings) throw error;
    }
  }
}

/**
 * Reads what a table consists of, and lists what is stored where it lies.
 *
 * @param file address of the table's metadata.
 * @throws ObjectMissing when the table has changed meanwhile.
 */
export async function readTableState(objects: ObjectReader, file: string): Promise<TableState> {
  const files = await readTableFiles(objects, file);
  // Last, so that whatever the metadata names has been there before.
  const listed = await objects.list(`${files.metadata.location.replace(/\/$/, '')}/`);
  return { ...files, objects: listed };
}

/**
 * Reads what a table consists of.
 *
 * @param version as it was when it had these snapshots: the same files each time. Default: as the metadata say.
 * @throws ObjectMissing when some of it is gone.
 * @throws TableChanged when it has no longer what it had then.
 */
export async function readTableFiles(objects: ObjectReader, file: string, version?: TableVersion): Promise<TableFiles> {
  const newest = readTableMetadata((await objects.read(file)).toString('utf8'));
  const metadata = version === undefined ? newest : asOf(newest, version);
  // A table that is written to every five minutes has 300 snapshots: one after the other they would take half a minute.
  const lists = await Promise.all(
    metadata.snapshots.map(async ({ id, manifestList }) => ({
      id,
      listed: await readManifestList(await objects.read(manifestList)),
    })),
  );
  const listed = new Map(lists.flatMap((list) => list.listed.map((manifest) => [manifest.path, manifest])));
  const once = oneOfEach();
  const read = [...listed.values()].map(async (manifest) => {
    const entries = await readManifest(await objects.read(manifest.path), manifest);
    return [manifest.path, entries.map(once)] as const;
  });
  const manifests = new Map(await Promise.all(read));
  const live = new Map<string, ManifestEntry>();
  const current: ManifestEntry[] = [];
  for (const { id, listed: ofSnapshot } of lists) {
    for (const entry of ofSnapshot.flatMap(({ path }) => manifests.get(path) ?? [])) {
      if (entry.isTombstone) continue;
      live.set(entry.path, entry);
      if (id === metadata.current) current.push(entry);
    }
  }
  const listAddresses = metadata.snapshots.map(({ manifestList }) => manifestList);
  const named = new Set([file, ...metadata.named, ...listAddresses, ...manifests.keys(), ...live.keys()]);
  return { metadata, manifests, live: [...live.values()], current, named };
}

/** The version of a table by its metadata. */
export function versionOf({ snapshots }: TableMetadata): TableVersion {
  return { snapshot: snapshots.at(-1)?.id ?? '', snapshots: snapshots.length };
}

function asOf(metadata: TableMetadata, { snapshot, snapshots: before }: TableVersion): TableMetadata {
  // Commits add theirs at the end.
  const snapshots = metadata.snapshots.slice(0, before);
  if (snapshots.at(-1)?.id !== snapshot) throw new TableChanged(`snapshot ${snapshot} is no longer one of ${before}`);
  return { ...metadata, snapshots, current: snapshot };
}

/** Where each commit merges the manifests anew, as many hold the same entry as there are snapshots: memory has room for one. */
function oneOfEach(): (entry: ManifestEntry) => ManifestEntry {
  const known = new Map<string, ManifestEntry>();
  return (entry) => {
    const key = `${entry.isTombstone} ${entry.snapshot} ${entry.sequence} ${entry.path}`;
    const before = known.get(key);
    if (before === undefined) known.set(key, entry);
    return before ?? entry;
  };
}
