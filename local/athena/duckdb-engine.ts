import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import type { Table } from '../../core/catalogue/table.ts';
import { DuckDbCatalogue } from './duckdb-catalogue.ts';
import { type DuckDbConnection, DuckDbConnections } from './duckdb-connections.ts';
import { engineErrorOf } from './duckdb-errors.ts';
import { runPlan } from './duckdb-plan.ts';
import type { Engine, EngineResult, EngineTable, StatementContext } from './engine.ts';
import { quoteName, quoteString } from './sql-text.ts';
import { translate } from './translate.ts';

export interface DuckDbEngineOptions {
  /** The folder for the database file and for what spills out of memory; made when missing. */
  readonly directory: string;
  /** The Athena database the tables belong to. */
  readonly database: string;
  /** Tables made or widened at opening. Default: none. */
  readonly tables?: readonly Table[];
  /** Default: as many as the machine runs at once. */
  readonly threads?: number;
  /** In DuckDB's words. Default: 900MB, so that a process with it stays below 2 GiB. */
  readonly memoryLimit?: string;
  /** Folder of the subjects of erasures, which SQL reads as `dsr_subjects`; made when missing. Default: SQL has no such table. */
  readonly subjects?: string;
  /** Whether SQL may read files (`read_json(…)`), which Athena cannot. Default: it may not. */
  readonly readsFiles?: boolean;
}

/** DuckDB's name of the attached file: Athena's name of its catalogue, so that three-part names work. */
export const catalogueName = 'awsdatacatalog';

/**
 * DuckDB as the engine of the local Athena endpoint. The file's lock makes this process its only owner.
 *
 *     const engine = await DuckDbEngine.open({ directory, database: 'lake', tables });
 *     const { rows } = await engine.execute('select 1', { database: 'lake', signal: AbortSignal.timeout(1000) });
 *     const connection = await engine.connect(); // DuckDB's own, for appenders; disconnectSync() when done
 */
export class DuckDbEngine implements Engine {
  readonly #instance: DuckDBInstance;
  readonly #connections: DuckDbConnections;
  readonly #catalogue: DuckDbCatalogue;
  readonly #database: string;

  private constructor(
    instance: DuckDBInstance,
    connections: DuckDbConnections,
    catalogue: DuckDbCatalogue,
    database: string,
  ) {
    this.#instance = instance;
    this.#connections = connections;
    this.#catalogue = catalogue;
    this.#database = database;
  }

  /** Opens or makes the database file. @throws InputError when a table of the file contradicts its declaration; DuckDB's IO Error when another process has the file. */
  static async open(options: DuckDbEngineOptions): Promise<DuckDbEngine> {
    const spill = join(options.directory, 'tmp');
    mkdirSync(spill, { recursive: true });
    const instance = await DuckDBInstance.create(':memory:', {
      threads: String(options.threads ?? availableParallelism()),
      memory_limit: options.memoryLimit ?? '900MB',
      temp_directory: spill,
      preserve_insertion_order: 'false',
      // At the default of 16 MB nearly every MERGE is followed by a checkpoint inside its statement, which made a backfill of
      // a million events four times as long. The log it leaves is folded in when the home is closed, or replayed after a kill.
      checkpoint_threshold: '256MB',
      // It overestimates the rows of a window that is still empty, and then builds both joins of a MERGE on the wide source.
      disabled_optimizers: 'build_side_probe_side',
      // Athena divides whole numbers to whole numbers.
      integer_division: 'true',
      autoinstall_known_extensions: 'false',
    });
    try {
      const connections = new DuckDbConnections(instance, spill);
      await prepareInstance(instance, options, spill);
      const catalogue = await connections.use(options.database, (connection) =>
        DuckDbCatalogue.open(connection.duckdb, options.database, options.tables ?? []),
      );
      return new DuckDbEngine(instance, connections, catalogue, options.database);
    } catch (error) {
      instance.closeSync();
      throw error;
    }
  }

  expectSyntax(sql: string, database: string): void {
    translate(sql, database, this.#catalogue);
  }

  async execute(sql: string, context: StatementContext): Promise<EngineResult> {
    try {
      const plan = translate(sql, context.database, this.#catalogue);
      return await this.#connections.use(context.database, (connection) => this.#run(plan, connection, context));
    } catch (error) {
      throw engineErrorOf(error);
    }
  }

  async #run(
    plan: ReturnType<typeof translate>,
    connection: DuckDbConnection,
    context: StatementContext,
  ): Promise<EngineResult> {
    context.signal.throwIfAborted();
    // An interrupt that comes between two steps of a statement is lost, so it is repeated until the statement has ended.
    let repeat: NodeJS.Timeout | undefined;
    const interrupt = () => {
      connection.duckdb.interrupt();
      repeat = setTimeout(interrupt, 20);
    };
    context.signal.addEventListener('abort', interrupt, { once: true });
    try {
      return await runPlan(plan, connection, this.#catalogue);
    } finally {
      context.signal.removeEventListener('abort', interrupt);
      clearTimeout(repeat);
    }
  }

  async databases(): Promise<string[]> {
    return this.#catalogue.databases();
  }

  async tables(database: string): Promise<EngineTable[] | undefined> {
    return this.#catalogue.tables(database);
  }

  /** A connection of DuckDB's own whose unqualified names are the database's tables. The caller disconnects it. */
  async connect(): ReturnType<DuckDBInstance['connect']> {
    const connection = await this.#connections.open(this.#database);
    return connection.duckdb;
  }

  /** Writes the log of changes into the database file, and lets go of it. */
  async close(): Promise<void> {
    await this.#connections.use(this.#database, async ({ duckdb }) => {
      // Changes that are still under way elsewhere forbid it; the log then keeps them.
      await duckdb.run(`checkpoint ${catalogueName}`).catch(() => undefined);
    });
    this.#connections.close();
    this.#instance.closeSync();
  }
}

/** Attaches the file, pins the zone, and makes what Athena has and DuckDB lacks. */
async function prepareInstance(instance: DuckDBInstance, options: DuckDbEngineOptions, spill: string): Promise<void> {
  const file = join(options.directory, 'lake.duckdb');
  const functions = readFileSync(new URL('./trino-functions.sql', import.meta.url), 'utf8');
  const connection = await instance.connect();
  try {
    await connection.run(`attach ${quoteString(file)} as ${catalogueName}`);
    // The file is ours now: what lies in the spill folder was left by a process that was killed.
    for (const left of readdirSync(spill)) rmSync(join(spill, left), { recursive: true });
    await connection.run(`set global timezone = 'UTC'; ${functions}`);
    await connection.run(`create schema if not exists ${catalogueName}.${quoteName(options.database)}`);
    // Compressing strings costs more than everything else that an insert does; without it files grow by a fifth, and an
    // identifier in them is found by reading their bytes. Given at creation, DuckDB 1.5 forgets the setting.
    await connection.run("set global disabled_compression_methods = 'fsst,dict_fsst,zstd,dictionary'");
    if (options.subjects !== undefined) await connection.run(subjectsView(options.subjects));
    if (options.readsFiles !== true) await connection.run('set global enable_external_access = false');
  } finally {
    connection.disconnectSync();
  }
}

/** The subjects' files as one relation, which lives in memory and reads them anew each time: the database file never holds them. */
function subjectsView(folder: string): string {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  // A pattern that matches no file is an error to DuckDB.
  writeFileSync(join(folder, 'none.json'), '');
  const columns = "{batch: 'varchar', subject: 'varchar', scope_ends: 'timestamp'}";
  const files = quoteString(join(folder, '*.json'));
  return [
    `set global allowed_directories = [${quoteString(`${folder}/`)}]`,
    `create view memory.main.dsr_subjects as select * from read_json(${files}, format = 'newline_delimited', columns = ${columns})`,
  ].join('; ');
}
