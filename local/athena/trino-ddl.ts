import { jsonSerialization } from '../../core/catalogue/json-table-ddl.ts';
import { EngineError } from './engine.ts';
import type { DdlColumn, QualifiedName, TokenReader } from './iceberg-ddl.ts';
import { readColumns } from './iceberg-ddl.ts';
import { quoteName, quoteString } from './sql-text.ts';
import { isSymbol, isWord, type Token } from './sql-tokens.ts';
import { trinoTypeOf } from './trino-types.ts';

/** A table's name for Trino, all of it quoted. */
export function trinoName({ database, name }: QualifiedName): string {
  return `${quoteName(database)}.${quoteName(name)}`;
}

/** A column as Trino's DDL defines it. */
export function trinoColumn({ name, type, description }: DdlColumn): string {
  const comment = description === '' ? '' : ` comment ${quoteString(description)}`;
  return `${quoteName(name)} ${trinoTypeOf(type)}${comment}`;
}

/** Reads the rest of Athena's `CREATE TABLE …` after those words, and writes it in Trino's. */
export function createTableInTrino(reader: TokenReader, database: string): string {
  const ifNotExists = reader.take('if', 'not', 'exists') ? 'if not exists ' : '';
  const name = reader.qualifiedName(database);
  const columns = readColumns(reader).map(trinoColumn);
  const comment = reader.take('comment')
    ? ` comment ${quoteString(reader.takeString() ?? reader.fail('<string>'))}`
    : '';
  const partitioning = reader.take('partitioned', 'by') ? readTransforms(reader) : [];
  const location = reader.take('location') ? (reader.takeString() ?? reader.fail('<string>')) : undefined;
  const given = reader.take('tblproperties') ? readProperties(reader) : [];
  reader.end();
  const own = given.filter(([key]) => !['table_type', 'format', 'write_compression'].includes(key));
  const format = given.find(([key]) => key === 'format')?.[1] ?? 'parquet';
  const properties = [
    `format = ${quoteString(format.toUpperCase())}`,
    'format_version = 2',
    ...(partitioning.length === 0 ? [] : [`partitioning = array[${partitioning.map(quoteString).join(', ')}]`]),
    ...(location === undefined ? [] : [`location = ${quoteString(location)}`]),
    ...(own.length === 0 ? [] : [extraProperties(own)]),
  ];
  return `create table ${ifNotExists}${trinoName(name)} (${columns.join(', ')})${comment} with (${properties.join(', ')})`;
}

/**
 * Reads the rest of Athena's `CREATE EXTERNAL TABLE …` after those words, and writes it for Trino's Hive catalogue, whose
 * tables the Iceberg catalogue shows too.
 *
 * @throws EngineError for any files but those of JSON.
 */
export function createJsonTableInTrino(reader: TokenReader, database: string): string {
  const ifNotExists = reader.take('if', 'not', 'exists') ? 'if not exists ' : '';
  const name = reader.qualifiedName(database);
  const columns = readColumns(reader);
  const partitions = reader.take('partitioned', 'by') ? readColumns(reader) : [];
  const reads = reader.take('row', 'format', 'serde') ? reader.takeString() : undefined;
  if (reads !== jsonSerialization) {
    throw new EngineError('NOT_SUPPORTED', `this engine reads external tables by ${jsonSerialization} only`);
  }
  if (!reader.take('location')) reader.fail("'LOCATION'");
  const location = reader.takeString() ?? reader.fail('<string>');
  reader.end();
  // The Hive connector's instants have milliseconds.
  const definitions = [...columns, ...partitions].map((column) =>
    trinoColumn(column).replace('timestamp(6)', 'timestamp(3)'),
  );
  const properties = [
    "format = 'JSON'",
    `external_location = ${quoteString(location)}`,
    ...(partitions.length === 0
      ? []
      : [`partitioned_by = array[${partitions.map((column) => quoteString(column.name)).join(', ')}]`]),
  ];
  return `create table ${ifNotExists}hive.${trinoName(name)} (${definitions.join(', ')}) with (${properties.join(', ')})`;
}

/** The properties of an Iceberg table that Athena's DDL takes, besides those that say how it is stored. */
const athenaProperties = [
  'optimize_rewrite_data_file_threshold',
  'optimize_rewrite_delete_file_threshold',
  'vacuum_min_snapshots_to_keep',
  'vacuum_max_snapshot_age_seconds',
  'vacuum_max_metadata_files_to_keep',
  'write_target_data_file_size_bytes',
];

/**
 * Athena keeps properties of its own with the table; Trino lets any be kept there.
 *
 * @throws EngineError for one that Athena's DDL refuses, Iceberg's own among them.
 */
export function extraProperties(pairs: readonly (readonly [string, string])[]): string {
  const refused = pairs.find(([key]) => !athenaProperties.includes(key));
  if (refused !== undefined) {
    throw new EngineError('INVALID_PARAMETER_USAGE', `Unsupported table property key: ${refused[0]}`);
  }
  const list = (texts: readonly string[]) => `array[${texts.map(quoteString).join(', ')}]`;
  return `extra_properties = map(${list(pairs.map(([key]) => key))}, ${list(pairs.map(([, value]) => value))})`;
}

/** Reads `('key' = 'value', …)`. */
export function readProperties(reader: TokenReader): [string, string][] {
  const pairs: [string, string][] = [];
  const text = () => reader.takeString() ?? reader.fail('<string>');
  reader.expect('(');
  do {
    const key = text();
    reader.expect('=');
    pairs.push([key, text()]);
  } while (reader.takeSymbol(','));
  reader.expect(')');
  return pairs;
}

/** Reads `(dt, day(ts), bucket(16, id))`, each as Trino spells it in a table's partitioning. */
function readTransforms(reader: TokenReader): string[] {
  const transforms: string[] = [];
  reader.expect('(');
  do {
    const name = reader.name();
    if (!reader.takeSymbol('(')) {
      transforms.push(quoteName(name));
      continue;
    }
    const count = reader.next?.kind === 'number' ? reader.number() : undefined;
    if (count !== undefined) reader.expect(',');
    const column = quoteName(reader.name());
    reader.expect(')');
    transforms.push(count === undefined ? `${name}(${column})` : `${name}(${column}, ${count})`);
  } while (reader.takeSymbol(','));
  reader.expect(')');
  return transforms;
}

/** `CREATE TABLE t WITH (table_type = 'ICEBERG', …) AS SELECT …`, with those of the properties that both have. */
export function createTableAsInTrino(tokens: readonly Token[], text: string, query: Token): string {
  const at = tokens.findIndex((token) => isWord(token, 'with'));
  const properties = tokens[at];
  if (properties === undefined || properties.start > query.start) return text;
  const kept = propertiesIn(tokens.slice(at + 2), query)
    .filter(({ name }) => ['format', 'location', 'partitioning'].includes(name))
    .map(({ start, end }) => text.slice(start, end));
  const clause = kept.length === 0 ? '' : `with (${kept.join(', ')}) `;
  return `${text.slice(0, properties.start)}${clause}${text.slice(query.start)}`;
}

/** The spans of `name = value` up to the bracket that closes the list, before `end`. */
function propertiesIn(tokens: readonly Token[], end: Token): { name: string; start: number; end: number }[] {
  const found: { name: string; start: number; end: number }[] = [];
  let depth = 0;
  let first: Token | undefined;
  for (const [at, token] of tokens.entries()) {
    if (token === end) break;
    first ??= token;
    const last = tokens[at - 1] ?? token;
    if (isSymbol(token, '(') || isSymbol(token, '[')) depth += 1;
    const closes = isSymbol(token, ')') && depth === 0;
    if (isSymbol(token, ')') || isSymbol(token, ']')) depth -= 1;
    if (!closes && !(isSymbol(token, ',') && depth === 0)) continue;
    found.push({ name: first.value, start: first.start, end: last.end });
    first = undefined;
    if (closes) break;
  }
  return found;
}
