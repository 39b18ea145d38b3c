import { StatementFailed } from '../errors.ts';
import type { IcebergTable } from './iceberg-metadata.ts';
import { migrationOf } from './migration.ts';
import type { Table } from './table.ts';

/** Where tables are made and changed. */
export interface TableStore {
  /** The table as its metadata describes it; undefined when there is none. */
  read(table: string): Promise<IcebergTable | undefined>;
  /** Runs one DDL statement to its end. */
  run(sql: string): Promise<void>;
  /** Sets properties of a table beside those that it has. */
  setProperties(table: string, existing: IcebergTable, properties: Readonly<Record<string, string>>): Promise<void>;
}

/** What a migration came to. */
export interface MigrationReport {
  /** What was done, one line each. */
  readonly changes: readonly string[];
  /** Columns that no declaration has, as `table.column`: they stay, and nothing fills or reads them. */
  readonly undeclared: readonly string[];
}

/**
 * Brings tables to what is declared, and makes sure that they are: every property is read back from the table's metadata.
 * All tables are looked at before the first one is changed.
 *
 * @throws DestructiveChange when a table cannot follow its declaration; nothing has been changed then.
 */
export async function migrateTables(
  store: TableStore,
  tables: readonly Table[],
  locationOf: (table: Table) => string,
): Promise<MigrationReport> {
  const plans = [];
  for (const table of tables) {
    plans.push({ table, ...migrationOf(table, await store.read(table.name), locationOf(table)) });
  }
  const changes: string[] = [];
  for (const { table, statements, properties } of plans) {
    for (const statement of statements) {
      await store.run(statement);
      changes.push(`${table.name}: ${statement.split(/\s*\(|\n/)[0]}`);
    }
    const names = Object.keys(properties);
    if (names.length === 0) continue;
    await store.setProperties(table.name, await present(store, table), properties);
    const after = await present(store, table);
    const refused = names.filter((name) => after.properties[name] !== properties[name]);
    if (refused.length > 0) {
      throw new StatementFailed(`${table.name} did not take the properties ${refused.join(', ')}.`);
    }
    changes.push(`${table.name}: set ${names.join(', ')}`);
  }
  const undeclared = plans.flatMap((plan) => plan.undeclared.map((column) => `${plan.table.name}.${column}`));
  return { changes, undeclared };
}

async function present(store: TableStore, table: Table): Promise<IcebergTable> {
  const found = await store.read(table.name);
  if (found === undefined) throw new StatementFailed(`${table.name} is not there after it was made.`);
  return found;
}
