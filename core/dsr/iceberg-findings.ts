import type { ManifestEntry } from '../iceberg/manifest.ts';
import { daysOf } from '../iceberg/partition-days.ts';
import type { TableFiles, TableState } from '../iceberg/table-state.ts';

/** What is looked for in a table's files. */
export interface Search<State extends TableFiles = TableState> {
  readonly state: State;
  /** Column that says when a row happened. */
  readonly eventTime: string;
  /** Column that names a person. Default: none does. */
  readonly person?: string | undefined;
  /** Data files that held rows in scope before anything was deleted. */
  readonly condemned: ReadonlySet<string>;
  /** Days of which rows were deleted or built again. */
  readonly days: ReadonlySet<string>;
  /** When the rewrite was done. */
  readonly erasedAt: Date;
  readonly identities: readonly string[];
}

/** Bounds in manifests hold so many characters. Source: Iceberg's `write.metadata.metrics.default`, `truncate(16)`. */
const boundCharacters = 16;

/** Condemned objects that are still there, in whatever version. */
export function condemnedObjects({ state, condemned }: Search): string[] {
  return state.objects.map(({ address }) => address).filter((address) => condemned.has(address));
}

/** Snapshots, branches and tags, other than the table as it is now, that reach back before the rewrite. */
export function oldSnapshots({ state: { metadata }, erasedAt }: Search): string[] {
  const old = new Set(
    metadata.snapshots.filter(({ id, at }) => id !== metadata.current && at <= erasedAt).map(({ id }) => id),
  );
  const refs = Object.entries(metadata.refs).filter(([, id]) => old.has(id));
  return [...[...old].map((id) => `snapshot ${id}`), ...refs.map(([name]) => `reference ${name}`)];
}

/**
 * Objects below the table's place that do not belong to it, or are older versions, and were there before the rewrite was done.
 * A table's former metadata.json is none of them: engines may keep a hundred (`vacuum_max_metadata_files_to_keep`), and it holds
 * columns, properties and snapshots but no value of a row.
 */
export function orphans({ state, erasedAt }: Search): string[] {
  return state.objects
    .filter(({ address }) => !address.endsWith('.metadata.json'))
    .filter(
      ({ address, modified, isSuperseded }) => modified <= erasedAt && (isSuperseded || !state.named.has(address)),
    )
    .map(({ address }) => address);
}

/** Whether a file may hold rows of one of the days. */
export function isOfDays({ state, days, eventTime }: Search<TableFiles>, entry: ManifestEntry): boolean {
  const own = daysOf(entry, state.metadata, eventTime);
  return own === undefined || own.some((day) => days.has(day));
}

/**
 * Data files of the days in question from which something was deleted before the rewrite was done: the rewrite has left
 * them out.
 *
 * @param deletedFrom reads which data files a file of position deletes is for, where its entry does not say.
 */
export async function filesWithDeletes(
  search: Search,
  deletedFrom: (file: ManifestEntry) => Promise<ReadonlySet<string>>,
): Promise<string[]> {
  const { state, erasedAt } = search;
  const written = new Map(state.objects.map(({ address, modified }) => [address, modified]));
  const data = state.current.filter(({ content }) => content === 'data');
  const found = new Set<string>();
  for (const deletes of state.current.filter((entry) => entry.content !== 'data' && isOfDays(search, entry))) {
    const at = written.get(deletes.path);
    if (at === undefined || at > erasedAt) continue;
    const targets =
      deletes.content === 'position deletes' && deletes.deletesFrom === undefined
        ? await deletedFrom(deletes)
        : undefined;
    for (const file of data) if (applies(deletes, file, targets)) found.add(file.path);
  }
  return [...found];
}

/** Source: Iceberg's table specification, "Scan planning". */
function applies(deletes: ManifestEntry, file: ManifestEntry, targets: ReadonlySet<string> | undefined): boolean {
  if (deletes.content === 'equality deletes') {
    const everywhere = Object.keys(deletes.partition).length === 0;
    const samePartition = deletes.spec === file.spec && partitionText(deletes) === partitionText(file);
    return file.sequence < deletes.sequence && (everywhere || samePartition);
  }
  if (file.sequence > deletes.sequence) return false;
  return targets === undefined ? deletes.deletesFrom === file.path : targets.has(file.path);
}

function partitionText({ partition }: ManifestEntry): string {
  return Object.entries(partition)
    .map(([name, value]) => `${name}=${String(value)}`)
    .join('/');
}

/**
 * Entries of manifests that still tell of what was erased: any that names a condemned file, and tombstones that were left
 * before the rewrite was done on the days in question, or have a person in their bounds.
 */
export function telltaleEntries(search: Search): { condemned: number; tombstones: number } {
  const { state, condemned, erasedAt } = search;
  const isPerson = personBound(search);
  const at = new Map(state.metadata.snapshots.map((snapshot) => [snapshot.id, snapshot.at]));
  const isOld = ({ snapshot }: ManifestEntry) => {
    // Of a snapshot that is gone it is only known that it is old.
    const made = at.get(snapshot ?? '');
    return made === undefined || made <= erasedAt;
  };
  const entries = [...state.manifests.values()].flat();
  const named = entries.filter(({ path, isTombstone }) => !isTombstone && condemned.has(path));
  const tombstones = entries.filter(
    (entry) =>
      entry.isTombstone &&
      (condemned.has(entry.path) ||
        isPerson(entry) ||
        (entry.content === 'data' && isOld(entry) && isOfDays(search, entry))),
  );
  return { condemned: named.length, tombstones: tombstones.length };
}

/** Data files that may hold rows of the people: those of the days in question, and those with a person in their bounds. */
export function suspectFiles(search: Search<TableFiles>): ManifestEntry[] {
  const isPerson = personBound(search);
  return search.state.live.filter((entry) => entry.content === 'data' && (isOfDays(search, entry) || isPerson(entry)));
}

/** Whether a bound of an entry may be that of one of the people: as far as bounds go they are the same. */
function personBound({ state, person, identities }: Search<TableFiles>): (entry: ManifestEntry) => boolean {
  const ids = person === undefined ? [] : (state.metadata.fields.get(person) ?? []);
  const bounds = new Set(identities.flatMap((identity) => [cut(identity), lifted(cut(identity))]));
  const isBound = (bound: Buffer | undefined) => bound !== undefined && bounds.has(cut(bound.toString('utf8')));
  return ({ lower, upper }) => ids.some((id) => isBound(lower.get(id)) || isBound(upper.get(id)));
}

function cut(text: string): string {
  return [...text].slice(0, boundCharacters).join('');
}

/**
 * An upper bound that is cut short has its last character raised by one, so that it stays above: the last that can be raised,
 * without those after it. A text of which none can be has no upper bound; it stands for itself here.
 */
export function lifted(text: string): string {
  const points = [...text].map((character) => character.codePointAt(0) ?? 0);
  while (points.at(-1) === lastCodePoint) points.pop();
  const last = points.pop();
  if (last === undefined) return text;
  return String.fromCodePoint(...points, last + 1 === firstSurrogate ? firstAfterSurrogates : last + 1);
}

const lastCodePoint = 0x10ffff;
const firstSurrogate = 0xd800;
const firstAfterSurrogates = 0xe000;
