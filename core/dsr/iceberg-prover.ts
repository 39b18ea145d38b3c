import { identifyingColumns } from '../catalogue/table.ts';
import { readTableMetadata } from '../iceberg/metadata.ts';
import type { ObjectReader } from '../iceberg/object-reader.ts';
import { byBytes, rowsWith, valuesOf } from '../iceberg/parquet-column.ts';
import {
  readTableFiles,
  readTableState,
  readWhileItChanges,
  type TableFiles,
  type TableVersion,
  versionOf,
} from '../iceberg/table-state.ts';
import type { Pipeline } from '../lake/pipeline.ts';
import { dateOf } from '../window.ts';
import type { CondemnedFiles, LookedAt, Subject, SubjectFiles, TableProver } from './erasures.ts';
import {
  condemnedObjects,
  filesWithDeletes,
  isOfDays,
  oldSnapshots,
  orphans,
  type Search,
  suspectFiles,
  telltaleEntries,
} from './iceberg-findings.ts';
import { affectedDays } from './plan-erasure.ts';
import { roundOf } from './ports.ts';
import type { icebergChecks } from './proof-checks.ts';
import { type FilePart, type PartSize, partsOf } from './proof-parts.ts';
import { baseTargets, type ProofTarget, proofTargets } from './proof-target.ts';
import type { Batch } from './request-store.ts';
import type { TableLook } from './table-look.ts';

export interface IcebergProverProps {
  readonly objects: ObjectReader;
  /** Asks the catalogue for the address of a table's metadata. */
  readonly metadataFile: (table: string) => Promise<string>;
  readonly pipelines: readonly Pipeline[];
  readonly condemned: Pick<CondemnedFiles, 'of'>;
  readonly subjects: Pick<SubjectFiles, 'read'>;
  /** How much one part of a table holds. Default: 50 million rows. */
  readonly partSize?: PartSize;
}

/** A row of one of the people. */
interface PersonsRow {
  readonly identity: string;
  readonly day: string;
  readonly instant: unknown;
}

/**
 * Proves an erasure on Iceberg by the tables' own files and the storage's listing, without any engine: what an engine says
 * that it has removed is exactly what is in doubt.
 */
export class IcebergProver implements TableProver {
  readonly #props: IcebergProverProps;

  constructor(props: IcebergProverProps) {
    this.#props = props;
  }

  async look(batch: Batch, table: string): Promise<LookedAt> {
    const pipeline = this.#pipelineOf(batch);
    const target = proofTargets(pipeline).find((one) => one.table.name === table);
    const people = await this.#peopleOf(batch);
    return await readWhileItChanges(async () => {
      const metadata = await this.#props.metadataFile(table);
      return target === undefined
        ? await this.#lookAtGold(pipeline, metadata)
        : await this.#lookAtTarget(batch, target, metadata, people);
    });
  }

  async readPart(batch: Batch, table: string, version: TableVersion, { from, to }: FilePart): Promise<TableLook> {
    const { objects, metadataFile } = this.#props;
    const target = proofTargets(this.#pipelineOf(batch)).find((one) => one.table.name === table);
    if (target?.person === undefined) throw new Error(`${table} names no people`);
    const people = await this.#peopleOf(batch);
    const state = await readWhileItChanges(async () => readTableFiles(objects, await metadataFile(table), version));
    // The same version and people have the same list, whoever makes it.
    const files = suspectFiles(searchIn(state, target, batch, people)).slice(from, to);
    if (files.length !== to - from) throw new Error(`${table} has no files ${from} to ${to} to read`);
    const check = target.instant === undefined ? 'derived' : 'rows';
    const unread = files.filter(({ format }) => format !== 'PARQUET').length;
    let late = 0;
    let found = 0;
    const left: PersonsRow[] = [];
    for (const file of files.filter(({ format }) => format === 'PARQUET')) {
      const rows = await this.#rowsOf(target, target.person, file, people);
      if (target.instant === undefined) left.push(...rows);
      else {
        const inScope = rows.filter((row) => isInScope(row, people));
        if (inScope.length > 0 && (await this.#isLate(file.path, target, batch))) late += inScope.length;
        else found += inScope.length;
      }
    }
    if (left.length > 0) found = await this.#withoutSource(left, batch, people);
    return { checks: { [check]: { found: found + unread, looked: files.length } }, late, noneCondemned: false };
  }

  async condemnedFiles(batch: string, table: string): Promise<{ files: number; bytes: number }> {
    const { objects, metadataFile, condemned } = this.#props;
    const doomed = new Set(await condemned.of(batch, table));
    const { current } = await readWhileItChanges(async () => readTableFiles(objects, await metadataFile(table)));
    const found = current.filter(({ path }) => doomed.has(path));
    return { files: found.length, bytes: found.reduce((sum, { bytes }) => sum + bytes, 0) };
  }

  async #lookAtTarget(batch: Batch, target: ProofTarget, metadata: string, people: People): Promise<LookedAt> {
    const { objects, condemned, partSize } = this.#props;
    const { name } = target.table;
    const { before } = roundOf(batch);
    const state = await readTableState(objects, metadata);
    const search: Search = {
      ...searchIn(state, target, batch, people),
      state,
      condemned: new Set(await condemned.of(batch.id, name)),
    };
    const deletes = await filesWithDeletes(search, async (file) => new Set(await valuesOf(objects, file, 'file_path')));
    const telltale = telltaleEntries(search);
    const entries = [...state.manifests.values()].reduce((sum, { length }) => sum + length, 0);
    const hadRows = Object.values(before[name] ?? {}).some(({ subjects }) => subjects > 0);
    const checks: Partial<Record<keyof typeof icebergChecks, { found: number; looked: number }>> = {
      objects: { found: condemnedObjects(search).length, looked: search.condemned.size },
      snapshots: { found: oldSnapshots(search).length, looked: state.metadata.snapshots.length },
      strays: { found: orphans(search).length, looked: state.objects.length },
      deletes: { found: deletes.length, looked: state.current.length },
      entries: { found: telltale.condemned, looked: entries },
      tombstones: { found: telltale.tombstones, looked: entries },
    };
    return {
      version: versionOf(state.metadata),
      parts: target.person === undefined ? [] : partsOf(suspectFiles(search), partSize),
      // An inventory that named no file would leave nothing to look for.
      found: { checks, late: 0, noneCondemned: hadRows && search.condemned.size === 0 },
    };
  }

  /** Names alone decide here: what is in gold's columns is what its statements select. */
  async #lookAtGold(pipeline: Pipeline, file: string): Promise<LookedAt> {
    const metadata = readTableMetadata((await this.#props.objects.read(file)).toString('utf8'));
    const identifying = new Set(pipeline.tables.flatMap(identifyingColumns).map((column) => column.name));
    const columns = [...metadata.fields.keys()];
    const found = columns.filter((column) => identifying.has(column)).length;
    return {
      version: versionOf(metadata),
      parts: [],
      found: { checks: { gold: { found, looked: columns.length } }, late: 0, noneCondemned: false },
    };
  }

  /** The people's rows that a file stores, whether or not something strikes them out. */
  async #rowsOf(
    { table, instant }: ProofTarget,
    person: string,
    file: { readonly path: string; readonly bytes: number },
    people: People,
  ): Promise<PersonsRow[]> {
    const columns = instant === undefined ? [table.eventTime] : [table.eventTime, instant];
    const rows = await rowsWith(this.#props.objects, file, person, [...people.keys()], columns);
    return rows.map((row) => ({
      identity: String(row[person]),
      day: dayOf(row[table.eventTime]),
      instant: instant === undefined ? undefined : row[instant],
    }));
  }

  /** Whether a file was written by a source after the erasure; its rows are the late sweep's, and in the sweep nobody's. */
  async #isLate(path: string, { isSource }: ProofTarget, batch: Batch): Promise<boolean> {
    if (!isSource || roundOf(batch).kind === 'sweep') return false;
    const versions = await this.#props.objects.list(path);
    const written = versions.find(({ address, isSuperseded }) => address === path && !isSuperseded)?.modified;
    return written !== undefined && written > erasedAt(batch);
  }

  /** How many derived rows stay although no row stays that they are made from: one of the same person and day. */
  async #withoutSource(rows: readonly PersonsRow[], batch: Batch, people: People): Promise<number> {
    const { objects, metadataFile } = this.#props;
    const stays = new Set<string>();
    const left = () => rows.filter((row) => !stays.has(personAndDay(row))).length;
    const days = new Set(rows.map(({ day }) => day));
    const found = new Set(rows.map(({ identity }) => identity));
    const asked = new Map([...people].filter(([identity]) => found.has(identity)));
    for (const source of baseTargets(this.#pipelineOf(batch))) {
      if (left() === 0) break;
      await readWhileItChanges(async () => {
        const state = await readTableFiles(objects, await metadataFile(source.table.name));
        const search = { ...searchIn(state, source, batch, asked), days };
        const files = state.live.filter((file) => file.content === 'data' && isOfDays(search, file));
        for (const file of files.filter(({ format }) => format === 'PARQUET')) {
          for (const row of await this.#rowsOf(source, source.person, file, asked))
            if (!isInScope(row, people)) stays.add(personAndDay(row));
        }
      });
    }
    return left();
  }

  #pipelineOf({ pipeline: name }: Batch): Pipeline {
    const pipeline = this.#props.pipelines.find((one) => one.name === name);
    if (pipeline === undefined) throw new Error(`There is no pipeline ${name}`);
    return pipeline;
  }

  async #peopleOf({ id }: Batch): Promise<People> {
    const subjects: readonly Subject[] = await this.#props.subjects.read(id);
    const ends = subjects.map(({ identity, scopeEnds }) => [identity, BigInt(Date.parse(scopeEnds)) * 1_000n] as const);
    return new Map([...ends].sort(([left], [right]) => byBytes(left, right)));
  }
}

/** End of scope, in microseconds, by identity, in order of the identities' bytes. */
type People = ReadonlyMap<string, bigint>;

/** What is looked for in a table's files, but for the condemned ones: they are looked for where storage is listed. */
function searchIn(state: TableFiles, target: ProofTarget, batch: Batch, people: People): Search<TableFiles> {
  return {
    state,
    eventTime: target.table.eventTime,
    person: target.person,
    condemned: new Set(),
    days: new Set(affectedDays(roundOf(batch).before)),
    erasedAt: erasedAt(batch),
    identities: [...people.keys()],
  };
}

function erasedAt(batch: Batch): Date {
  return new Date(roundOf(batch).erasedAt ?? batch.openedAt);
}

function isInScope({ identity, instant }: PersonsRow, people: People): boolean {
  const end = people.get(identity);
  // A row whose instant cannot be read is taken for one that had to go.
  return end === undefined || typeof instant !== 'bigint' || instant <= end;
}

function personAndDay({ identity, day }: PersonsRow): string {
  return `${day} ${identity}`;
}

function dayOf(value: unknown): string {
  if (value instanceof Date) return dateOf(value.getTime());
  return typeof value === 'bigint' ? dateOf(Number(value / 1_000n)) : String(value);
}
