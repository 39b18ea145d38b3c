import type { PartitionTransform } from '../../core/catalogue/table.ts';
import { EngineError } from './engine.ts';
import { quoteName, quoteString } from './sql-text.ts';
import { applyEdits, type Edit, isName, isSymbol, isWord, type Token } from './sql-tokens.ts';
import { partitionName, type TableShape } from './table-shape.ts';

/** When a table last changed, as far as this engine saw it. */
export interface TableVersion {
  readonly snapshotId: bigint;
  readonly parentId: bigint | undefined;
  readonly committedAt: Date;
  readonly operation: 'append' | 'overwrite' | 'delete';
}

export interface MetadataSource {
  readonly shape: (database: string, table: string) => TableShape | undefined;
  readonly version: (database: string, table: string) => TableVersion;
  /** The width of one row in bytes, estimated. */
  readonly rowBytes: (shape: TableShape) => number;
}

const pathPrefix = 'partition.';

/** The label of a result column, without what the rewriting of `"partition".dt` put before it. */
export function resultLabel(name: string): string {
  return name.startsWith(pathPrefix) ? name.slice(pathPrefix.length) : name;
}

/**
 * Replaces `"t$partitions"`, `"t$files"`, `"t$snapshots"` and `"t$history"` by subqueries that answer from the data, and
 * `"partition".dt` by a plain column beside the row: DuckDB does not push a filter on a field of a made-up row down to the
 * minima and maxima of its row groups, and would read the whole table for three days of it.
 */
export function replaceMetadataTables(
  sql: string,
  tokens: readonly Token[],
  database: string,
  source: MetadataSource,
): string {
  if (!tokens.some((token) => token.kind === 'quoted' && token.value.includes('$'))) return sql;
  const edits: Edit[] = [];
  const paths = partitionPaths(tokens);
  for (const [at, token] of tokens.entries()) {
    const [, table, kind] = (token.kind === 'quoted' && /^(.+)\$([a-z_]+)$/.exec(token.value)) || [];
    // Before a dot it is a relation's name in front of a column.
    if (table === undefined || kind === undefined || isSymbol(tokens[at + 1], '.')) continue;
    const qualified = isSymbol(tokens[at - 1], '.') && isName(tokens[at - 2]);
    const owner = qualified ? (tokens[at - 2]?.value ?? database) : database;
    const shape = source.shape(owner, table);
    if (shape === undefined) throw new EngineError('TABLE_NOT_FOUND', `Table '${owner}.${table}' does not exist`);
    const catalogued = qualified && isSymbol(tokens[at - 3], '.') && isName(tokens[at - 4]);
    const start = (catalogued ? tokens[at - 4] : qualified ? tokens[at - 2] : token)?.start ?? token.start;
    const alias = isName(tokens[at + 1]) && !endsRelation(tokens[at + 1]) ? '' : ` as ${quoteName(token.value)}`;
    edits.push({
      start,
      end: token.end,
      text: `(${relation(kind, shape, source, { paths: paths.length > 0, bounds: mayReadBounds(tokens) })})${alias}`,
    });
  }
  if (edits.length === 0) return sql;
  for (const [first, last] of paths) {
    edits.push({ start: first.start, end: last.end, text: quoteName(`${pathPrefix}${last.value}`) });
  }
  return applyEdits(sql, edits);
}

const afterRelation = [
  'where',
  'group',
  'order',
  'having',
  'limit',
  'join',
  'inner',
  'left',
  'right',
  'full',
  'cross',
  'on',
  'using',
  'union',
  'except',
  'intersect',
  'offset',
  'fetch',
  'window',
  'natural',
];

function endsRelation(token: Token | undefined): boolean {
  return isWord(token, ...afterRelation);
}

/** Every `partition . name`, as its first and last token. */
function partitionPaths(tokens: readonly Token[]): [Token, Token][] {
  const paths: [Token, Token][] = [];
  for (const [at, token] of tokens.entries()) {
    const last = tokens[at + 2];
    if (isName(token) && token.value === 'partition' && isSymbol(tokens[at + 1], '.') && isName(last))
      paths.push([token, last]);
  }
  return paths;
}

/** What of `$partitions` a statement reads that costs something. */
interface Wanted {
  readonly paths: boolean;
  /** The column `data`: three aggregates a column, whose planning alone takes ten times as long as counting three days. */
  readonly bounds: boolean;
}

/** Whether a statement can read the column `data`: by its name, or by a star that is not count's. */
function mayReadBounds(tokens: readonly Token[]): boolean {
  return tokens.some(
    (token, at) =>
      (isName(token) && token.value === 'data') || (isSymbol(token, '*') && !isSymbol(tokens[at - 1], '(')),
  );
}

function relation(kind: string, shape: TableShape, source: MetadataSource, wanted: Wanted): string {
  if (kind === 'partitions') return partitions(shape, source.rowBytes(shape), wanted);
  if (kind === 'files') return files(shape, source.rowBytes(shape));
  const version = source.version(shape.database, shape.name);
  const at = `timestamp with time zone ${quoteString(version.committedAt.toISOString())}`;
  const parent = version.parentId === undefined ? 'cast(null as bigint)' : `cast(${version.parentId} as bigint)`;
  const id = `cast(${version.snapshotId} as bigint)`;
  if (kind === 'snapshots') {
    return `select ${at} as committed_at, ${id} as snapshot_id, ${parent} as parent_id, ${quoteString(version.operation)} as operation, '' as manifest_list, cast(map {} as map(varchar, varchar)) as summary`;
  }
  if (kind === 'history') {
    return `select ${at} as made_current_at, ${id} as snapshot_id, ${parent} as parent_id, true as is_current_ancestor`;
  }
  throw new EngineError(
    'NOT_SUPPORTED',
    `this engine has no "$${kind}" of a table; it has $partitions, $files, $snapshots and $history`,
  );
}

/** An Iceberg partition value. Buckets are DuckDB's hash, not Iceberg's: as many, but not the same. */
function partitionValue(partition: PartitionTransform): string {
  const column = quoteName(partition.column);
  switch (partition.transform) {
    case 'identity':
      return column;
    case 'day':
      return `cast(${column} as date)`;
    case 'hour':
      return `cast(system.main.date_diff('hour', timestamp '1970-01-01 00:00:00', ${column}) as integer)`;
    case 'month':
      return `cast(system.main.date_diff('month', timestamp '1970-01-01 00:00:00', ${column}) as integer)`;
    case 'bucket':
      return `cast(hash(${column}) % ${partition.buckets} as integer)`;
  }
}

function partitions(shape: TableShape, rowBytes: number, wanted: Wanted): string {
  const keys = shape.partition.map((partition) => ({
    name: partitionName(partition),
    value: partitionValue(partition),
  }));
  const plain = keys.map(({ name, value }) => `${value} as ${quoteName(pathPrefix + name)}`);
  const row = `struct_pack(${keys.map(({ name }) => `${quoteName(name)} := ${quoteName(pathPrefix + name)}`).join(', ')})`;
  const data = shape.columns.map(({ name }) => {
    const column = quoteName(name);
    return `${column} := struct_pack(min := min(${column}), max := max(${column}), null_count := count(*) - count(${column}))`;
  });
  const counted = [
    'count(*) as record_count',
    'cast(1 as bigint) as file_count',
    `cast(count(*) * ${rowBytes} as bigint) as total_size`,
    ...(wanted.bounds ? [`struct_pack(${data.join(', ')}) as data`] : []),
  ];
  const from = `from ${quoteName(shape.database)}.${quoteName(shape.name)}`;
  if (keys.length === 0) return `select ${counted.join(', ')} ${from} having count(*) > 0`;
  const grouped = `select ${[...plain, ...counted].join(', ')} ${from} group by ${keys.map((_, at) => at + 1).join(', ')}`;
  const paths = wanted.paths ? keys.map(({ name }) => quoteName(pathPrefix + name)) : [];
  return `select ${[`${row} as "partition"`, 'record_count', 'file_count', 'total_size', ...(wanted.bounds ? ['data'] : []), ...paths].join(', ')} from (${grouped})`;
}

/** One made-up data file a table: an engine without files has no better answer. */
function files(shape: TableShape, rowBytes: number): string {
  const path = quoteString(`duckdb://${shape.database}/${shape.name}`);
  return `select 0 as content, ${path} as file_path, 'DUCKDB' as file_format, count(*) as record_count, cast(count(*) * ${rowBytes} as bigint) as file_size_in_bytes from ${quoteName(shape.database)}.${quoteName(shape.name)} having count(*) > 0`;
}
