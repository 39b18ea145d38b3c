import type { DuckDBConnection } from '@duckdb/node-api';
import { z } from 'zod';
import { duckdbDdl, duckdbType } from '../../core/catalogue/duckdb-ddl.ts';
import type { Table } from '../../core/catalogue/table.ts';
import { InputError } from '../../core/errors.ts';
import type { EngineTable } from './engine.ts';
import type { MetadataSource, TableVersion } from './metadata-tables.ts';
import { valueBytes } from './scanned-bytes.ts';
import { quoteName, quoteString } from './sql-text.ts';
import { noteText, partitionName, readNote, type TableNote, type TableShape } from './table-shape.ts';

const columnRow = z.tuple([z.string(), z.string(), z.string(), z.string(), z.string().nullable(), z.boolean()]);

/** What the database file holds, kept in memory and read anew after every change of a schema. */
export class DuckDbCatalogue implements MetadataSource {
  #shapes = new Map<string, TableShape>();
  #databases: string[] = [];
  #versions = new Map<string, TableVersion>();
  readonly #openedAt = new Date();
  /** Whether a table has been rewritten since the file's free space was last overwritten; after a restart nobody knows. */
  rewritten = true;
  /** The version at which a table was last rewritten, by name: nothing has been deleted from it since. */
  readonly rewrittenAt = new Map<string, bigint>();

  /** Reads the file's catalogue and makes it agree with the declarations. @throws InputError on a difference that would lose data. */
  static async open(
    connection: DuckDBConnection,
    database: string,
    tables: readonly Table[],
  ): Promise<DuckDbCatalogue> {
    const catalogue = new DuckDbCatalogue();
    await catalogue.refresh(connection);
    const changes = tables.flatMap((table) => migration(table, catalogue.shape(database, table.name)));
    if (changes.length > 0) {
      await connection.run(['begin', ...changes, 'commit'].join(';\n'));
      await catalogue.refresh(connection);
    }
    return catalogue;
  }

  async refresh(connection: DuckDBConnection): Promise<void> {
    const schemas = await connection.runAndReadAll(
      `select schema_name from duckdb_schemas() where database_name = 'awsdatacatalog' and not internal and schema_name <> 'main' order by 1`,
    );
    this.#databases = schemas.getRowsJson().map((row) => String(row[0]));
    const columns = await connection.runAndReadAll(
      `select c.schema_name, c.table_name, c.column_name, c.data_type, coalesce(t.comment, v.comment), v.view_oid is not null
       from duckdb_columns() c
       left join duckdb_tables() t on t.table_oid = c.table_oid and t.database_oid = c.database_oid
       left join duckdb_views() v on v.view_oid = c.table_oid and v.database_oid = c.database_oid
       where c.database_name = 'awsdatacatalog' and not c.internal order by c.schema_name, c.table_name, c.column_index`,
    );
    const shapes = new Map<string, TableShape>();
    const notes = new Map<string, TableNote>();
    for (const row of columns.getRowsJson()) {
      const [database, name, column, type, comment, isView] = columnRow.parse(row);
      const key = `${database}.${name}`;
      const note = notes.get(key) ?? readNote(comment);
      notes.set(key, note);
      const columns = [
        ...(shapes.get(key)?.columns ?? []),
        { name: column, type, description: note.columns[column] ?? '' },
      ];
      shapes.set(key, { database, name, description: note.description, partition: note.partition, columns, isView });
    }
    this.#shapes = shapes;
  }

  shape = (database: string, table: string): TableShape | undefined => this.#shapes.get(`${database}.${table}`);

  version = (database: string, table: string): TableVersion =>
    this.#versions.get(`${database}.${table}`) ?? {
      snapshotId: BigInt(this.#openedAt.getTime()),
      parentId: undefined,
      committedAt: this.#openedAt,
      operation: 'append',
    };

  rowBytes = (shape: TableShape): number => shape.columns.reduce((sum, column) => sum + valueBytes(column.type), 0);

  /** Notes that a statement changed a table: its next snapshot. Snapshots are not kept over a restart. */
  changed(database: string, table: string, operation: TableVersion['operation'], at: Date): void {
    const before = this.version(database, table);
    const snapshotId = before.snapshotId + 1n;
    this.#versions.set(`${database}.${table}`, { snapshotId, parentId: before.snapshotId, committedAt: at, operation });
  }

  databases(): string[] {
    return this.#databases;
  }

  tables(database: string): EngineTable[] | undefined {
    if (!this.#databases.includes(database)) return undefined;
    return [...this.#shapes.values()]
      .filter((shape) => shape.database === database)
      .map((shape) => ({
        name: shape.name,
        description: shape.description,
        columns: shape.columns.map((column) => ({ ...column, type: hiveType(column.type) })),
        partitionedBy: shape.partition.map(partitionName),
        isView: shape.isView,
      }));
  }
}

/** A column type as Athena's catalogue spells it. */
export function hiveType(duckdb: string): string {
  const lower = duckdb.toLowerCase();
  if (lower === 'varchar') return 'string';
  if (lower === 'integer') return 'int';
  if (lower === 'blob') return 'binary';
  if (lower === 'hugeint') return 'bigint';
  if (lower.endsWith('[]')) return `array<${hiveType(duckdb.slice(0, -2))}>`;
  return lower;
}

/** The statements that take a table from what the file has to what is declared. */
function migration(table: Table, shape: TableShape | undefined): string[] {
  const name = quoteName(table.name);
  const note = `comment on table ${name} is ${quoteString(noteText(table))}`;
  if (shape === undefined) return [duckdbDdl(table), note];
  const statements: string[] = [];
  for (const column of table.columns) {
    const present = shape.columns.find((candidate) => candidate.name === column.name);
    if (present === undefined) {
      statements.push(`alter table ${name} add column ${quoteName(column.name)} ${duckdbType(column.type)}`);
    } else if (present.type.toLowerCase() !== duckdbType(column.type)) {
      throw new InputError(
        `this home keeps ${table.name}.${column.name} as ${hiveType(present.type)}, but it is declared ${column.type} now: use another --home`,
      );
    }
  }
  const gone = shape.columns.find((present) => !table.columns.some((column) => column.name === present.name));
  if (gone !== undefined) {
    throw new InputError(
      `this home keeps a column ${table.name}.${gone.name} that is no longer declared: use another --home`,
    );
  }
  return noteText(shape) === noteText(table) ? statements : [...statements, note];
}
