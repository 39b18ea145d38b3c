import { DatabaseSync, type SQLInputValue } from 'node:sqlite';
import { z } from 'zod';
import {
  batchShape,
  estimateShape,
  refusalShape,
  requestShape,
  statusEventShape,
} from '../../core/dsr/request-records.ts';
import type {
  Batch,
  ErasureEstimate,
  ErasureRequest,
  OpenBatch,
  Refusal,
  RequestStatus,
  RequestStore,
  StatusEvent,
} from '../../core/dsr/request-store.ts';

const schema = `
  create table if not exists requests (id text primary key, received_at text not null, record text not null);
  create table if not exists batches (id text primary key, opened_at text not null, record text not null);
  create table if not exists events (record text not null);
  create table if not exists refusals (record text not null);
  create table if not exists estimates (id text primary key, record text not null);
`;

const recordRow = z.object({ record: z.string() });

/** The ledger of requests of the embedded run: one SQLite file in the home, which several processes may use at once. */
export class SqliteRequestStore implements RequestStore {
  readonly #database: DatabaseSync;

  /** @param file path of the database file; it is made when it is missing. */
  constructor(file: string) {
    this.#database = new DatabaseSync(file);
    this.#database.exec('pragma journal_mode = wal; pragma synchronous = normal; pragma busy_timeout = 10000;');
    this.#database.exec(schema);
  }

  disconnect(): void {
    this.#database.close();
  }

  async add(request: ErasureRequest): Promise<boolean> {
    return this.#transaction(() => {
      if (this.#request(request.id) !== undefined) return false;
      this.#put(request);
      this.#tell(request.receivedAt, request);
      return true;
    });
  }

  async request(id: string): Promise<ErasureRequest | undefined> {
    return this.#request(id);
  }

  async requests(): Promise<ErasureRequest[]> {
    return this.#records('select record from requests order by received_at, rowid').map((text) =>
      requestShape.parse(text),
    );
  }

  async requestsOf(ids: readonly string[]): Promise<ErasureRequest[]> {
    const own = new Set(ids);
    return (await this.requests()).filter(({ id }) => own.has(id));
  }

  async requestsFor(pseudonym: string): Promise<ErasureRequest[]> {
    return (await this.requests()).filter(({ pseudonyms }) => pseudonyms.includes(pseudonym));
  }

  async pending(most: number): Promise<ErasureRequest[]> {
    return (await this.requests()).filter(({ status }) => status === 'pending').slice(0, most);
  }

  async cancel(id: string, at: string): Promise<boolean> {
    const change = { status: 'cancelled', endedAt: at } as const;
    return this.#transaction(() => this.#move([id], 'pending', change, at).length === 1);
  }

  async open(batch: Batch, at: string): Promise<Batch | undefined> {
    return this.#transaction(() => {
      const change = { status: 'in_progress', batch: batch.id } as const;
      const requests = this.#move(batch.requests, 'pending', change, at);
      if (requests.length === 0) return undefined;
      const opened = { ...batch, requests };
      this.#putBatch(opened);
      return opened;
    });
  }

  /** An opening is one transaction here. */
  async interrupted(): Promise<Batch[]> {
    return [];
  }

  async save(batch: Batch): Promise<void> {
    this.#putBatch(batch);
  }

  async batch(id: string): Promise<Batch | undefined> {
    const [record] = this.#records('select record from batches where id = ?', id);
    return record === undefined ? undefined : batchShape.parse(record);
  }

  async batches(): Promise<Batch[]> {
    return this.#batches().filter(({ stage }) => stage !== 'estimating');
  }

  async openBatches(): Promise<OpenBatch[]> {
    return this.#batches().filter(({ stage }) => stage !== 'closed');
  }

  async discard(id: string): Promise<void> {
    this.#run(`delete from batches where id = ? and record ->> 'stage' = 'estimating'`, id);
  }

  async keepEstimate(estimate: ErasureEstimate): Promise<void> {
    const sql = `insert into estimates values ('newest', ?) on conflict (id) do update set record = excluded.record`;
    this.#run(sql, JSON.stringify(estimate));
  }

  async estimate(): Promise<ErasureEstimate | undefined> {
    const [record] = this.#records('select record from estimates');
    return record === undefined ? undefined : estimateShape.parse(record);
  }

  async close(batch: Batch, evidence: string, at: string): Promise<void> {
    this.#transaction(() => {
      this.#move(batch.requests, 'in_progress', { status: 'completed', evidence, endedAt: at }, at);
      this.#putBatch(batch);
    });
  }

  async untold(most: number): Promise<StatusEvent[]> {
    return this.#records('select record from events order by rowid limit ?', most).map((record) =>
      statusEventShape.parse(record),
    );
  }

  async told(events: readonly StatusEvent[]): Promise<void> {
    this.#transaction(() => {
      for (const event of events) this.#run('delete from events where record = ?', textOf(event));
    });
  }

  async refuse(at: string, reason: string): Promise<void> {
    this.#run('insert into refusals values (?)', JSON.stringify({ at, reason }));
  }

  async refusals(): Promise<Refusal[]> {
    return this.#records('select record from refusals order by rowid').map((record) => refusalShape.parse(record));
  }

  async removeEnded(before: string): Promise<void> {
    this.#transaction(() => {
      this.#run(`delete from requests where record ->> 'endedAt' < ?`, before);
      this.#run(`delete from batches where record ->> 'closedAt' < ?`, before);
      this.#run(`delete from refusals where record ->> 'at' < ?`, before);
      // In the embedded run nobody is told, so that changes stay until their requests go.
      this.#run(`delete from events where record ->> 'at' < ?`, before);
    });
  }

  /** Changes the requests that have a status, tells of it, and gives their ids. */
  #move(
    ids: readonly string[],
    from: RequestStatus,
    change: Partial<ErasureRequest> & Pick<ErasureRequest, 'status'>,
    at: string,
  ): string[] {
    const moved: string[] = [];
    for (const id of ids) {
      const request = this.#request(id);
      if (request?.status !== from) continue;
      const next = { ...request, ...change };
      this.#put(next);
      this.#tell(at, next);
      moved.push(id);
    }
    return moved;
  }

  #request(id: string): ErasureRequest | undefined {
    const [record] = this.#records('select record from requests where id = ?', id);
    return record === undefined ? undefined : requestShape.parse(record);
  }

  #put(request: ErasureRequest): void {
    const sql = `insert into requests values (?, ?, ?) on conflict (id) do update set record = excluded.record`;
    this.#run(sql, request.id, request.receivedAt, JSON.stringify(request));
  }

  #batches(): Batch[] {
    return this.#records('select record from batches order by opened_at, rowid').map((record) =>
      batchShape.parse(record),
    );
  }

  #putBatch(batch: Batch): void {
    const sql = `insert into batches values (?, ?, ?) on conflict (id) do update set record = excluded.record`;
    this.#run(sql, batch.id, batch.openedAt, JSON.stringify(batch));
  }

  #tell(at: string, { id, status }: ErasureRequest): void {
    this.#run('insert into events values (?)', textOf({ at, request: id, status }));
  }

  #records(sql: string, ...values: SQLInputValue[]): unknown[] {
    return this.#database
      .prepare(sql)
      .all(...values)
      .map((row) => JSON.parse(recordRow.parse(row).record));
  }

  #run(sql: string, ...values: SQLInputValue[]): void {
    this.#database.prepare(sql).run(...values);
  }

  #transaction<T>(work: () => T): T {
    this.#database.exec('begin immediate');
    try {
      const result = work();
      this.#database.exec('commit');
      return result;
    } catch (error) {
      this.#database.exec('rollback');
      throw error;
    }
  }
}

function textOf({ at, request, status }: StatusEvent): string {
  return JSON.stringify({ at, request, status });
}
