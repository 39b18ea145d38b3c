import { rmSync } from 'node:fs';
import { join } from 'node:path';
import type { DuckDBConnection, DuckDBInstance } from '@duckdb/node-api';
import { quoteName, quoteString } from './sql-text.ts';

export interface DuckDbConnection {
  readonly duckdb: DuckDBConnection;
  /** Where DuckDB writes the profile of the connection's last statement. */
  readonly profilePath: string;
}

interface Pooled extends DuckDbConnection {
  database: string;
}

/** The profile holds what an estimate of scanned bytes needs, and not the statement's text. */
const profileMetrics = '{"OPERATOR_ROWS_SCANNED":"true","EXTRA_INFO":"true","OPERATOR_TYPE":"true"}';

/** Connections to one DuckDB instance: one a statement, kept for the next. */
export class DuckDbConnections {
  readonly #instance: DuckDBInstance;
  readonly #profileDirectory: string;
  readonly #idle: Pooled[] = [];
  #opened = 0;

  constructor(instance: DuckDBInstance, profileDirectory: string) {
    this.#instance = instance;
    this.#profileDirectory = profileDirectory;
  }

  /** Lends a connection whose unqualified names belong to the database. */
  async use<T>(database: string, work: (connection: DuckDbConnection) => Promise<T>): Promise<T> {
    const connection = this.#idle.pop() ?? (await this.#openProfiled());
    try {
      await this.#pointAt(connection, database);
      return await work(connection);
    } finally {
      // A profile can quote values that a statement filtered by.
      rmSync(connection.profilePath, { force: true });
      this.#idle.push(connection);
    }
  }

  /** A new connection that is not lent again. */
  async open(database: string): Promise<DuckDbConnection> {
    const connection = { duckdb: await this.#instance.connect(), profilePath: '', database: '' };
    await this.#pointAt(connection, database);
    return connection;
  }

  close(): void {
    for (const connection of this.#idle.splice(0)) connection.duckdb.disconnectSync();
  }

  async #openProfiled(): Promise<Pooled> {
    const duckdb = await this.#instance.connect();
    this.#opened += 1;
    const profilePath = join(this.#profileDirectory, `profile-${process.pid}-${this.#opened}.json`);
    await duckdb.run(
      `pragma enable_profiling = 'json'; set profiling_output = ${quoteString(profilePath)}; set custom_profiling_settings = ${quoteString(profileMetrics)}`,
    );
    return { duckdb, profilePath, database: '' };
  }

  async #pointAt(connection: Pooled, database: string): Promise<void> {
    if (connection.database === database) return;
    const path = `awsdatacatalog.${quoteName(database)},memory.main`;
    await connection.duckdb.run(`set search_path = ${quoteString(path)}`);
    connection.database = database;
  }
}
