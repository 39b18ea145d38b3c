import { identifyingColumns, type Table } from '../catalogue/table.ts';
import { readTableMetadata } from '../iceberg/metadata.ts';
import type { ObjectReader } from '../iceberg/object-reader.ts';
import { byBytes, rowsWith, valuesOf } from '../iceberg/parquet-column.ts';
import { readTableState } from '../iceberg/table-state.ts';
import type { Pipeline } from '../lake/pipeline.ts';
import { dateOf } from '../window.ts';
import type { CondemnedFiles, Prover, Subject } from './erasures.ts';
import {
  condemnedObjects,
  filesWithDeletes,
  oldSnapshots,
  orphans,
  type Search,
  suspectFiles,
  telltaleEntries,
} from './iceberg-findings.ts';
import { affectedDays } from './plan-erasure.ts';
import { roundOf } from './ports.ts';
import { icebergChecks } from './proof-checks.ts';
import type { Batch, ProofCheck, RequestStore } from './request-store.ts';
import { baseTables, derivedTables } from './targets.ts';

export interface IcebergProverProps {
  readonly objects: ObjectReader;
  /** Asks the catalogue for the address of a table's metadata. */
  readonly metadataFile: (table: string) => Promise<string>;
  readonly pipelines: readonly Pipeline[];
  readonly condemned: CondemnedFiles;
  readonly store: Pick<RequestStore, 'batch'>;
}

/** What one look through a table found, in counts and places. */
interface Tally {
  readonly places: string[];
  looked: number;
}

/** A table that an erasure concerns. */
interface Target {
  readonly table: Table;
  readonly person?: string;
  /** Column of the row's instant; a table that is made from others has none that counts. */
  readonly instant?: string;
  /** Whether records may arrive in it at any time. */
  readonly isSource: boolean;
}

type Check = keyof typeof icebergChecks;

/**
 * Proves an erasure on Iceberg by the tables' own files and the storage's listing, without any engine: what an engine says
 * that it has removed is exactly what is in doubt.
 */
export class IcebergProver implements Prover {
  readonly #props: IcebergProverProps;

  constructor(props: IcebergProverProps) {
    this.#props = props;
  }

  async prove(id: string, subjects: readonly Subject[]): Promise<ProofCheck[]> {
    const batch = await this.#props.store.batch(id);
    if (batch === undefined) throw new Error(`There is no batch ${id}`);
    const pipeline = this.#props.pipelines.find(({ name }) => name === batch.pipeline);
    if (pipeline === undefined) throw new Error(`There is no pipeline ${batch.pipeline}`);
    const proof = new Proof(this.#props, batch, subjects);
    // Sources before what is made from them: rows that stay excuse those that are made from them.
    for (const target of targetsOf(pipeline)) await proof.look(target);
    for (const table of pipeline.tables.filter(({ layer }) => layer === 'gold'))
      await proof.lookAtGold(table, pipeline);
    return proof.result();
  }

  async condemnedFiles(batch: string, table: string): Promise<{ files: number; bytes: number }> {
    const { objects, metadataFile, condemned } = this.#props;
    const doomed = new Set(await condemned.of(batch, table));
    const { current } = await readTableState(objects, () => metadataFile(table));
    const found = current.filter(({ path }) => doomed.has(path));
    return { files: found.length, bytes: found.reduce((sum, { bytes }) => sum + bytes, 0) };
  }
}

function targetsOf(pipeline: Pipeline): Target[] {
  const sources = new Set(pipeline.sources.map(({ table }) => table.name));
  const base = baseTables(pipeline).map(({ table, person, instant }) => ({
    table,
    person: person.name,
    instant: instant.name,
    isSource: sources.has(table.name),
  }));
  const derived = derivedTables(pipeline).map((table) => {
    const person = table.columns.find(({ identifies }) => identifies?.kind === 'user')?.name;
    return { table, isSource: false, ...(person === undefined ? {} : { person }) };
  });
  return [...base, ...derived];
}

class Proof {
  readonly #props: IcebergProverProps;
  readonly #batch: Batch;
  /** End of scope, in microseconds, by identity, in order of the identities' bytes. */
  readonly #ends: ReadonlyMap<string, bigint>;
  readonly #tallies = new Map<Check, Tally>();
  readonly #withTombstones: string[] = [];
  /** Person and day of rows that stay. */
  readonly #stays = new Set<string>();
  #late = 0;

  constructor(props: IcebergProverProps, batch: Batch, subjects: readonly Subject[]) {
    this.#props = props;
    this.#batch = batch;
    const ends = subjects.map(({ identity, scopeEnds }) => [identity, BigInt(Date.parse(scopeEnds)) * 1_000n] as const);
    this.#ends = new Map([...ends].sort(([left], [right]) => byBytes(left, right)));
  }

  async look(target: Target): Promise<void> {
    const { objects, metadataFile, condemned } = this.#props;
    const { name, eventTime } = target.table;
    const round = roundOf(this.#batch);
    const state = await readTableState(objects, () => metadataFile(name));
    const search: Search = {
      state,
      eventTime,
      person: target.person,
      condemned: new Set(await condemned.of(this.#batch.id, name)),
      days: new Set(affectedDays(round.before)),
      erasedAt: new Date(round.erasedAt ?? this.#batch.openedAt),
      identities: [...this.#ends.keys()],
    };
    this.#count('objects', name, condemnedObjects(search).length, search.condemned.size);
    // An inventory that named no file would leave nothing to look for.
    const hadRows = Object.values(round.before[name] ?? {}).some(({ subjects }) => subjects > 0);
    if (hadRows && search.condemned.size === 0) this.#doubt('objects', `no file of ${name} was condemned`);
    this.#count('snapshots', name, oldSnapshots(search).length, state.metadata.snapshots.length);
    this.#count('strays', name, orphans(search).length, state.objects.length);
    const deletes = await filesWithDeletes(search, async (file) => new Set(await valuesOf(objects, file, 'file_path')));
    this.#count('deletes', name, deletes.length, state.current.length);
    const telltale = telltaleEntries(search);
    const entries = [...state.manifests.values()].reduce((sum, { length }) => sum + length, 0);
    this.#count('entries', name, telltale.condemned, entries);
    this.#count('tombstones', name, telltale.tombstones, entries);
    if (telltale.tombstones > 0) this.#withTombstones.push(name);
    if (target.person !== undefined) await this.#lookForRows(target, target.person, search);
  }

  /** The rows that files store, whether or not something strikes them out. */
  async #lookForRows({ table, instant, isSource }: Target, person: string, search: Search): Promise<void> {
    const written = new Map(search.state.objects.map(({ address, modified }) => [address, modified]));
    const files = suspectFiles(search);
    const columns = instant === undefined ? [table.eventTime] : [table.eventTime, instant];
    const isSweep = roundOf(this.#batch).kind === 'sweep';
    let found = 0;
    let unread = 0;
    for (const file of files) {
      if (file.format !== 'PARQUET') {
        unread += 1;
        continue;
      }
      const since = written.get(file.path);
      const isLate = !isSweep && isSource && since !== undefined && since > search.erasedAt;
      for (const row of await rowsWith(this.#props.objects, file, person, search.identities, columns)) {
        const identity = String(row[person]);
        const of = `${dayOf(row[table.eventTime])} ${identity}`;
        const inScope = instant === undefined ? !this.#stays.has(of) : this.#isInScope(identity, row[instant]);
        if (!inScope) this.#stays.add(of);
        else if (isLate) this.#late += 1;
        else found += 1;
      }
    }
    this.#count(instant === undefined ? 'derived' : 'rows', table.name, found + unread, files.length);
  }

  #isInScope(identity: string, instant: unknown): boolean {
    const end = this.#ends.get(identity);
    // A row whose instant cannot be read is taken for one that had to go.
    return end === undefined || typeof instant !== 'bigint' || instant <= end;
  }

  /** Names alone decide here: what is in gold's columns is what its statements select. */
  async lookAtGold({ name }: Table, pipeline: Pipeline): Promise<void> {
    const { objects, metadataFile } = this.#props;
    const metadata = readTableMetadata((await objects.read(await metadataFile(name))).toString('utf8'));
    const identifying = new Set(pipeline.tables.flatMap(identifyingColumns).map((column) => column.name));
    const columns = [...metadata.fields.keys()];
    this.#count('gold', name, columns.filter((column) => identifying.has(column)).length, columns.length);
  }

  result(): ProofCheck[] {
    return [...this.#tallies].map(([check, { places, looked }]) => ({
      check: icebergChecks[check],
      passed: places.length === 0,
      detail: places.length === 0 ? this.#passed(check, looked) : places.join(', '),
      ...(check === 'tombstones' && places.length > 0 ? { rewriteManifestsOf: this.#withTombstones } : {}),
    }));
  }

  #passed(check: Check, looked: number): string {
    const late =
      check === 'rows' && this.#late > 0 ? `, ${this.#late} rows have arrived since and wait for the sweep` : '';
    return `${looked} ${what[check]}${late}`;
  }

  #count(check: Check, table: string, found: number, looked: number): void {
    this.#tallyOf(check).looked += looked;
    if (found > 0) this.#doubt(check, `${table} has ${found}`);
  }

  #doubt(check: Check, place: string): void {
    this.#tallyOf(check).places.push(place);
  }

  #tallyOf(check: Check): Tally {
    const tally = this.#tallies.get(check) ?? { places: [], looked: 0 };
    this.#tallies.set(check, tally);
    return tally;
  }
}

/** What a check looked at. */
const what: Record<Check, string> = {
  objects: 'condemned objects are absent in every version',
  snapshots: 'snapshots',
  strays: 'objects and versions',
  deletes: 'files',
  entries: 'entries',
  tombstones: 'entries',
  rows: 'files read',
  derived: 'files read',
  gold: 'columns',
};

function dayOf(value: unknown): string {
  if (value instanceof Date) return dateOf(value.getTime());
  return typeof value === 'bigint' ? dateOf(Number(value / 1_000n)) : String(value);
}
