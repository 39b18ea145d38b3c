import type { DuckDbCatalogue } from './duckdb-catalogue.ts';
import { athenaColumn, cellWriter } from './duckdb-cells.ts';
import type { DuckDbConnection } from './duckdb-connections.ts';
import { rewriteTable, scrubFile, storesDeletedRows } from './duckdb-space.ts';
import { EngineError, type EngineResult } from './engine.ts';
import type { CreateTable, DdlColumn, QualifiedName } from './iceberg-ddl.ts';
import { resultLabel } from './metadata-tables.ts';
import { type Cell, ResultRows } from './result-rows.ts';
import { scannedBytes } from './scanned-bytes.ts';
import { quoteName, quoteString } from './sql-text.ts';
import { noteText, type TableShape } from './table-shape.ts';
import type { Condition, Plan } from './translate.ts';

const text = { type: 'string', precision: 0, scale: 0 } as const;
const affectedRows = { name: 'rows', type: 'bigint', precision: 19, scale: 0 } as const;

/** Carries out a plan on one connection. */
export async function runPlan(
  plan: Plan,
  connection: DuckDbConnection,
  catalogue: DuckDbCatalogue,
): Promise<EngineResult> {
  switch (plan.kind) {
    case 'query':
      return await query(plan.sql, plan.quotedNames, connection, catalogue);
    case 'write': {
      const result = await connection.duckdb.run(plan.sql);
      const updateCount = result.rowsChanged;
      if (updateCount > 0) catalogue.changed(plan.table.database, plan.table.name, plan.operation, new Date());
      return {
        ...nothing([affectedRows]),
        updateCount,
        bytesScanned: scannedBytes(connection.profilePath, catalogue.shape),
      };
    }
    case 'change schema':
      return await changeSchema(plan.sql, connection, catalogue);
    case 'create table':
      if (plan.table.ifNotExists && catalogue.shape(plan.table.database, plan.table.name) !== undefined)
        return nothing([]);
      return await changeSchema(createTable(plan.table), connection, catalogue);
    case 'add columns':
      return await changeSchema(addColumns(plan.table, plan.columns, catalogue), connection, catalogue);
    case 'nothing':
      known(plan.table, catalogue);
      return nothing([]);
    case 'rewrite': {
      const shape = known(plan.table, catalogue);
      if (plan.condition !== undefined) await expectPartitions(plan.condition, shape, connection);
      const { snapshotId } = catalogue.version(shape.database, shape.name);
      const key = `${shape.database}.${shape.name}`;
      // The whole table is written, whatever days were asked for: once is enough.
      if (catalogue.rewrittenAt.get(key) === snapshotId) return nothing([]);
      await rewriteTable(connection.duckdb, shape);
      await catalogue.refresh(connection.duckdb);
      catalogue.rewrittenAt.set(key, snapshotId);
      catalogue.rewritten = true;
      return nothing([]);
    }
    case 'vacuum': {
      const shape = known(plan.table, catalogue);
      // Days that retention has dropped since the last rewrite: elsewhere their files go with the snapshots.
      if (await storesDeletedRows(connection.duckdb, shape)) {
        await rewriteTable(connection.duckdb, shape);
        await catalogue.refresh(connection.duckdb);
        catalogue.rewritten = true;
      }
      if (catalogue.rewritten) await scrubFile(connection.duckdb);
      // While other statements write, DuckDB puts it off: the space is reclaimed by a later one.
      else await connection.duckdb.run('checkpoint awsdatacatalog').catch(() => undefined);
      catalogue.rewritten = false;
      return nothing([]);
    }
    case 'show databases':
      return list('database_name', catalogue.databases());
    case 'show tables':
      return list('tab_name', tableNames(plan.database, plan.pattern, catalogue));
    case 'describe':
      return describe(plan.table, catalogue);
  }
}

function nothing(columns: EngineResult['columns']): EngineResult {
  return { columns, rows: ResultRows.of([]), bytesScanned: 0 };
}

function list(column: string, values: readonly string[]): EngineResult {
  return { columns: [{ name: column, ...text }], rows: ResultRows.of(values.map((value) => [value])), bytesScanned: 0 };
}

function nameOf(table: QualifiedName): string {
  return `${quoteName(table.database)}.${quoteName(table.name)}`;
}

function known(table: QualifiedName, catalogue: DuckDbCatalogue) {
  const shape = catalogue.shape(table.database, table.name);
  if (shape === undefined)
    throw new EngineError('TABLE_NOT_FOUND', `Table 'awsdatacatalog.${table.database}.${table.name}' does not exist`);
  return shape;
}

/** Athena rewrites whole partitions: a condition that names another column stops it. @throws EngineError then, and when it is no condition. */
async function expectPartitions(
  { sql, names }: Condition,
  shape: TableShape,
  { duckdb }: DuckDbConnection,
): Promise<void> {
  await duckdb.run(`select 1 from ${nameOf(shape)} where (${sql}) limit 0`);
  const partitioned = new Set(
    shape.partition.filter(({ transform }) => transform !== 'bucket').map(({ column }) => column),
  );
  const other = shape.columns.find(({ name }) => names.has(name) && !partitioned.has(name));
  if (other === undefined) return;
  throw new EngineError('NOT_SUPPORTED', `OPTIMIZE takes conditions on partition columns only, not on ${other.name}`);
}

async function query(
  sql: string,
  quotedNames: ReadonlySet<string>,
  connection: DuckDbConnection,
  catalogue: DuckDbCatalogue,
): Promise<EngineResult> {
  const result = await connection.duckdb.stream(sql);
  const names = result.columnNames().map((name, at) => columnLabel(name, at, quotedNames));
  const types = result.columnTypes();
  const columns = names.map((name, at) => {
    const type = types[at];
    if (type === undefined) throw new EngineError('GENERIC_INTERNAL_ERROR', 'a result column has no type');
    return { column: athenaColumn(name, type), write: cellWriter(type) };
  });
  const rows = new ResultRows();
  for (let chunk = await result.fetchChunk(); chunk !== null && chunk.rowCount > 0; chunk = await result.fetchChunk()) {
    const block: Cell[][] = Array.from({ length: chunk.rowCount }, () => []);
    for (const [at, { write }] of columns.entries()) {
      for (const [row, value] of chunk.getColumnValues(at).entries())
        block[row]?.push(value === null ? null : write(value));
    }
    rows.append(block);
  }
  return {
    columns: columns.map(({ column }) => column),
    rows,
    bytesScanned: scannedBytes(connection.profilePath, catalogue.shape),
  };
}

/** DuckDB names an expression by its text, Athena by its place: `_col0`. */
function columnLabel(name: string, at: number, quotedNames: ReadonlySet<string>): string {
  const label = resultLabel(name).toLowerCase();
  return /^[\p{L}_][\p{L}\p{N}_$]*$/u.test(label) || quotedNames.has(label) ? label : `_col${at}`;
}

async function changeSchema(
  statements: readonly string[],
  connection: DuckDbConnection,
  catalogue: DuckDbCatalogue,
): Promise<EngineResult> {
  for (const sql of statements) await connection.duckdb.run(sql);
  const bytesScanned = scannedBytes(connection.profilePath, catalogue.shape);
  await catalogue.refresh(connection.duckdb);
  return { ...nothing([]), bytesScanned };
}

function createTable(table: CreateTable): string[] {
  const columns = table.columns.map((column) => `${quoteName(column.name)} ${column.type}`).join(', ');
  return [
    `create table ${nameOf(table)} (${columns})`,
    `comment on table ${nameOf(table)} is ${quoteString(noteText(table))}`,
  ];
}

function addColumns(table: QualifiedName, columns: readonly DdlColumn[], catalogue: DuckDbCatalogue): string[] {
  const shape = known(table, catalogue);
  const note = noteText({ ...shape, columns: [...shape.columns, ...columns] });
  return [
    ...columns.map((column) => `alter table ${nameOf(table)} add column ${quoteName(column.name)} ${column.type}`),
    `comment on table ${nameOf(table)} is ${quoteString(note)}`,
  ];
}

/** Athena's pattern is a regular expression that must match the whole name, with `*` for anything. */
function tableNames(database: string, pattern: string | undefined, catalogue: DuckDbCatalogue): string[] {
  const tables = catalogue.tables(database);
  if (tables === undefined) throw new EngineError('SCHEMA_NOT_FOUND', `Schema '${database}' does not exist`);
  const names = tables.map((table) => table.name);
  if (pattern === undefined) return names;
  const literal = pattern.replaceAll(/[^\w*|]/g, '\\$&');
  return names.filter((name) => new RegExp(`^(?:${literal.replaceAll('*', '.*')})$`).test(name));
}

function describe(table: QualifiedName, catalogue: DuckDbCatalogue): EngineResult {
  known(table, catalogue);
  const shape = catalogue.tables(table.database)?.find((candidate) => candidate.name === table.name);
  const rows = (shape?.columns ?? []).map((column) => [column.name, column.type, column.description ?? '']);
  return {
    columns: ['col_name', 'data_type', 'comment'].map((name) => ({ name, ...text })),
    rows: ResultRows.of(rows),
    bytesScanned: 0,
  };
}
