import { DatabaseSync, type SQLInputValue } from 'node:sqlite';
import { z } from 'zod';
import { batchShape, refusalShape, requestShape, statusEventShape } from '../../core/dsr/request-records.ts';
import type { Batch, ErasureRequest, RequestStatus, RequestStore, StatusEvent } from '../../core/dsr/request-store.ts';

const schema = `
  create table if not exists requests (id text primary key, received_at text not null, record text not null);
  create table if not exists batches (id text primary key, opened_at text not null, record text not null);
  create table if not exists events (record text not null);
  create table if not exists refusals (record text not null);
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

  async cancel(id: string, at: string): Promise<boolean> {
    return this.#transaction(() => this.#move([id], 'pending', { status: 'cancelled' }, at).length === 1);
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

  async save(batch: Batch): Promise<void> {
    this.#putBatch(batch);
  }

  async batches(): Promise<Batch[]> {
    return this.#records('select record from batches order by opened_at, rowid').map((record) =>
      batchShape.parse(record),
    );
  }

  async close(batch: Batch, evidence: string, at: string): Promise<void> {
    this.#transaction(() => {
      this.#move(batch.requests, 'in_progress', { status: 'completed', evidence }, at);
      this.#putBatch(batch);
    });
  }

  async events(): Promise<StatusEvent[]> {
    return this.#records('select record from events order by rowid').map((record) => statusEventShape.parse(record));
  }

  async refuse(at: string, reason: string): Promise<void> {
    this.#run('insert into refusals values (?)', JSON.stringify({ at, reason }));
  }

  async refusals(): Promise<{ at: string; reason: string }[]> {
    return this.#records('select record from refusals order by rowid').map((record) => refusalShape.parse(record));
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

  #putBatch(batch: Batch): void {
    const sql = `insert into batches values (?, ?, ?) on conflict (id) do update set record = excluded.record`;
    this.#run(sql, batch.id, batch.openedAt, JSON.stringify(batch));
  }

  #tell(at: string, { id, status }: ErasureRequest): void {
    this.#run('insert into events values (?)', JSON.stringify({ at, request: id, status }));
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
