import type { Engine, EngineResult, EngineTable, StatementContext } from './engine.ts';
import { EngineError } from './engine.ts';
import type { QualifiedName } from './iceberg-ddl.ts';
import { type Cell, ResultRows } from './result-rows.ts';
import { quoteName, quoteString } from './sql-text.ts';
import { trinoTables } from './trino-catalogue.ts';
import { athenaColumn, cellWriter } from './trino-cells.ts';
import { TrinoClient, type TrinoColumn, type TrinoValue } from './trino-client.ts';
import { type TrinoPlan, translateToTrino } from './trino-translate.ts';

export interface TrinoEngineOptions {
  /** For example `http://127.0.0.1:8080`. Its Iceberg catalogue is named {@link catalogueName}, its Hive catalogue `hive`. */
  readonly url: string;
}

/** The name that Trino's Iceberg catalogue is to have: Athena's of its own, so that three-part names work. */
export const catalogueName = 'awsdatacatalog';

const text = { type: 'string', precision: 0, scale: 0 } as const;

/**
 * Trino, the engine that Athena is built on, as the engine of the local Athena endpoint. Only what Athena adds to it or
 * spells differently is translated: Hive's DDL, OPTIMIZE, VACUUM, SHOW and DESCRIBE.
 */
export class TrinoEngine implements Engine {
  readonly #client: TrinoClient;

  constructor({ url }: TrinoEngineOptions) {
    this.#client = new TrinoClient({ url, catalogue: catalogueName });
  }

  expectSyntax(sql: string, database: string): void {
    translateToTrino(sql, database);
  }

  async execute(sql: string, context: StatementContext): Promise<EngineResult> {
    const plan = translateToTrino(sql, context.database);
    return await this.#carryOut(plan, context);
  }

  async #carryOut(plan: TrinoPlan, context: StatementContext): Promise<EngineResult> {
    switch (plan.kind) {
      case 'run': {
        let bytesScanned = 0;
        let last = nothing();
        for (const sql of plan.sql) {
          last = await this.#run(sql, context);
          bytesScanned += last.bytesScanned;
        }
        return { ...last, bytesScanned };
      }
      case 'vacuum':
        return await this.#vacuum(plan.table, context);
      case 'show databases':
        return list('database_name', await this.databases());
      case 'show tables':
        return list('tab_name', await this.#tableNames(plan.database, plan.pattern));
      case 'describe':
        return await this.#describe(plan.table);
    }
  }

  async #run(sql: string, context: StatementContext): Promise<EngineResult> {
    const rows = new ResultRows();
    let write: ((row: readonly TrinoValue[]) => Cell[]) | undefined;
    const result = await this.#client.run(sql, {
      ...context,
      onRows: (page, columns) => {
        write ??= rowWriter(columns);
        rows.append(page.map(write));
      },
    });
    const { columns, updateType, updateCount, bytesScanned } = result;
    if (updateType === undefined) return { columns: columns.map(athenaColumn), rows, bytesScanned };
    // Trino answers a statement that writes with a row that holds the count.
    return { ...nothing(columns), ...(updateCount === undefined ? {} : { updateCount }), bytesScanned };
  }

  /** Athena's VACUUM expires snapshots and removes what no snapshot needs, by the ages that the table's properties state. */
  async #vacuum(table: QualifiedName, context: StatementContext): Promise<EngineResult> {
    const name = `${quoteName(table.database)}.${quoteName(table.name)}`;
    const properties = `${quoteName(table.database)}.${quoteName(`${table.name}$properties`)}`;
    const age = await this.#run(
      `select value from ${properties} where key = 'vacuum_max_snapshot_age_seconds'`,
      context,
    );
    const seconds = Number(age.rows.slice(0, 1)[0]?.[0] ?? defaultSnapshotAgeSeconds);
    const steps = ['expire_snapshots', 'remove_orphan_files'].map(
      (procedure) => `alter table ${name} execute ${procedure}(retention_threshold => ${quoteString(`${seconds}s`)})`,
    );
    return await this.#carryOut({ kind: 'run', sql: steps }, context);
  }

  async databases(): Promise<string[]> {
    const names: string[] = [];
    await this.#client.run(
      `select schema_name from information_schema.schemata where schema_name <> 'information_schema' order by 1`,
      { ...background(), onRows: (rows) => names.push(...rows.map(([name]) => String(name))) },
    );
    return names;
  }

  async tables(database: string): Promise<EngineTable[] | undefined> {
    if (!(await this.databases()).includes(database)) return undefined;
    return await trinoTables(this.#client, database, background().signal);
  }

  async #tableNames(database: string, pattern: string | undefined): Promise<string[]> {
    const tables = await this.tables(database);
    if (tables === undefined) throw new EngineError('SCHEMA_NOT_FOUND', `Schema '${database}' does not exist`);
    const names = tables.map((table) => table.name);
    if (pattern === undefined) return names;
    const literal = pattern.replaceAll(/[^\w*|]/g, '\\$&');
    return names.filter((name) => new RegExp(`^(?:${literal.replaceAll('*', '.*')})$`).test(name));
  }

  async #describe(table: QualifiedName): Promise<EngineResult> {
    const found = (await this.tables(table.database))?.find((candidate) => candidate.name === table.name);
    if (found === undefined) {
      throw new EngineError('TABLE_NOT_FOUND', `Table 'awsdatacatalog.${table.database}.${table.name}' does not exist`);
    }
    const rows = found.columns.map((column) => [column.name, column.type, column.description ?? '']);
    const columns = ['col_name', 'data_type', 'comment'].map((name) => ({ name, ...text }));
    return { columns, rows: ResultRows.of(rows), bytesScanned: 0 };
  }
}

/** Athena's own default of `vacuum_max_snapshot_age_seconds`: five days. */
const defaultSnapshotAgeSeconds = 432_000;

/** What reads the catalogue has no statement that somebody could stop. */
function background(): { database: string; signal: AbortSignal } {
  return { database: 'information_schema', signal: AbortSignal.timeout(60_000) };
}

function rowWriter(columns: readonly TrinoColumn[]): (row: readonly TrinoValue[]) => Cell[] {
  const writers = columns.map(({ typeSignature }) => cellWriter(typeSignature));
  return (row) => row.map((value, at) => (value === null ? null : (writers[at]?.(value) ?? String(value))));
}

function nothing(columns: readonly TrinoColumn[] = []): EngineResult {
  return { columns: columns.map(athenaColumn), rows: ResultRows.of([]), bytesScanned: 0 };
}

function list(column: string, values: readonly string[]): EngineResult {
  return { columns: [{ name: column, ...text }], rows: ResultRows.of(values.map((value) => [value])), bytesScanned: 0 };
}
