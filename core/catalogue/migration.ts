import { DestructiveChange } from '../errors.ts';
import { athenaColumn, athenaDdl, athenaTableProperties } from './athena-ddl.ts';
import type { IcebergTable } from './iceberg-metadata.ts';
import { icebergProperties, isMarkedIdentifying } from './iceberg-properties.ts';
import type { Column, ColumnType, PartitionTransform, Table } from './table.ts';

/** What turns a table into what the catalogue declares. */
export interface Migration {
  /** DDL for Athena, in order. */
  readonly statements: readonly string[];
  /** Properties to be set in the catalogue, past Athena's DDL. */
  readonly properties: Readonly<Record<string, string>>;
  /** Columns that a version before or after this one has declared, and that stay as they are: nothing fills or reads them. */
  readonly undeclared: readonly string[];
}

/**
 * The migration of one table. Nothing to do gives no statements and no properties, so that it can be run again and again.
 *
 * @param existing the table as it is; undefined when there is none.
 * @param location its place on S3, with a slash at the end.
 * @throws DestructiveChange when rows would have to be rewritten or lost.
 */
export function migrationOf(table: Table, existing: IcebergTable | undefined, location: string): Migration {
  if (existing === undefined) {
    return { statements: [athenaDdl(table, location)], properties: icebergProperties(table), undeclared: [] };
  }
  const fail = (what: string): never => {
    throw new DestructiveChange(
      `${table.name} ${what}: make a table of another name beside it, or change the table by hand, then deploy again.`,
    );
  };
  if (trimmed(existing.location) !== trimmed(location)) fail(`lies at ${existing.location}, not at ${location}`);
  const partition = table.partition.map(spelling).join(', ');
  if (existing.partition.join(', ') !== partition) {
    fail(`is partitioned by ${existing.partition.join(', ')}, not by ${partition}`);
  }
  const undeclared = undeclaredColumns(table, existing, fail);
  const required = existing.fields.find((field) => field.required);
  if (required !== undefined) fail(`insists on a value for ${required.name}, which no declaration does`);

  const added: Column[] = [];
  const statements: string[] = [];
  for (const column of table.columns) {
    const field = existing.fields.find(({ name }) => name === column.name);
    if (field === undefined) {
      added.push(column);
      continue;
    }
    const from = typeof field.type === 'string' ? field.type : 'nested';
    if (from === icebergType(column.type)) continue;
    if (!widens(from, column.type)) fail(`has ${column.name} as ${from}, which cannot become ${column.type}`);
    statements.push(`ALTER TABLE \`${table.name}\` CHANGE COLUMN \`${column.name}\` ${athenaColumn(column)}`);
  }
  if (added.length > 0) {
    // Without comments: Athena's page on ADD COLUMNS for Iceberg knows none.
    const list = added.map(({ name, type }) => `\`${name}\` ${type}`).join(', ');
    statements.unshift(`ALTER TABLE \`${table.name}\` ADD COLUMNS (${list})`);
  }
  const differs = ([name, value]: [string, string]) => existing.properties[name] !== value;
  const settable = Object.entries(athenaTableProperties(table))
    .filter(([name]) => alterable.test(name))
    .filter(differs);
  if (settable.length > 0) {
    const list = settable.map(([name, value]) => `'${name}' = '${value}'`).join(', ');
    statements.push(`ALTER TABLE \`${table.name}\` SET TBLPROPERTIES (${list})`);
  }
  const properties = Object.fromEntries(Object.entries(icebergProperties(table)).filter(differs));
  return { statements, properties, undeclared };
}

/**
 * Columns after all that are declared, as a version that is rolled back leaves them. Statements name their columns, and a row
 * that is erased goes with all of its own.
 */
function undeclaredColumns(
  table: Table,
  { fields, properties }: IcebergTable,
  fail: (what: string) => never,
): string[] {
  const declared = new Set(table.columns.map(({ name }) => name));
  const firstAfter = fields.findLastIndex(({ name }) => declared.has(name)) + 1;
  const amid = fields.slice(0, firstAfter).find(({ name }) => !declared.has(name));
  if (amid !== undefined) fail(`has a column ${amid.name} that is no longer declared, amid those that are`);
  const left = fields.slice(firstAfter).map(({ name }) => name);
  // Otherwise rows would stay that name somebody there, and the evidence would say that none does.
  const identifying = left.find((name) => isMarkedIdentifying(properties, name));
  if (identifying !== undefined) {
    fail(
      `has a column ${identifying} that leads to somebody, and is no longer declared, so that no erasure would look at it`,
    );
  }
  const missing = table.columns.find(({ name }) => !fields.some((field) => field.name === name));
  if (left.length > 0 && missing !== undefined) {
    fail(
      `has no ${missing.name} and a column ${left[0]} that is not declared, which may be the same under another name`,
    );
  }
  return left;
}

/** Properties that Athena keeps under the same name in Iceberg's metadata; the others have one of their own there. */
const alterable = /^(optimize|vacuum)_/;

const trimmed = (location: string) => location.replace(/\/$/, '');

function spelling(partition: PartitionTransform): string {
  const transform = partition.transform === 'bucket' ? `bucket[${partition.buckets}]` : partition.transform;
  return `${transform}(${partition.column})`;
}

/** How Iceberg's metadata spells a column type. */
export function icebergType(type: ColumnType): string {
  if (type === 'bigint') return 'long';
  return type.replace(/^decimal\((\d+),(\d+)\)$/, 'decimal($1, $2)');
}

/** Iceberg widens int to long, float to double, and a decimal's precision; all else would rewrite rows. */
function widens(from: string, to: ColumnType): boolean {
  if (from === 'int') return to === 'bigint';
  if (from === 'float') return to === 'double';
  const [, precision = '', scale = ''] = /^decimal\((\d+), ?(\d+)\)$/.exec(from) ?? [];
  const [, wider = '', sameScale = ''] = /^decimal\((\d+),(\d+)\)$/.exec(to) ?? [];
  return precision !== '' && wider !== '' && scale === sameScale && Number(precision) < Number(wider);
}
