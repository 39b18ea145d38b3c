import { type Column, isErasureTarget, type PartitionTransform, type Table } from './table.ts';

/** Athena's DDL reads a string as Hive does: a quote inside is escaped with a backslash. */
export function ddlString(text: string): string {
  return `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`;
}

/** Athena's DDL quotes names with backticks, which lets `timestamp` and `date` be columns; its queries use double quotes. */
export function ddlName(name: string): string {
  return `\`${name}\``;
}

function ddlTransform(partition: PartitionTransform): string {
  const column = ddlName(partition.column);
  if (partition.transform === 'identity') return column;
  if (partition.transform === 'bucket') return `bucket(${partition.buckets}, ${column})`;
  return `${partition.transform}(${column})`;
}

/**
 * What OPTIMIZE and VACUUM need to make an erasure physical: a file with a single delete file is rewritten (the default leaves
 * it until it has two), in a partition of however few files (the default wants five that need it), and a snapshot goes after
 * one day (the default keeps it five), the newest one always staying.
 */
const erasableProperties = {
  optimize_rewrite_delete_file_threshold: '1',
  optimize_rewrite_data_file_threshold: '1',
  vacuum_max_snapshot_age_seconds: '86400',
  vacuum_min_snapshots_to_keep: '1',
} as const;

/** The table properties that Athena's DDL accepts for a table; those it refuses are set in Glue afterwards. */
export function athenaTableProperties(table: Table): Record<string, string> {
  const base = { table_type: 'ICEBERG', format: 'parquet', write_compression: 'zstd' };
  return isErasureTarget(table) ? { ...base, ...erasableProperties } : base;
}

/** A column as Athena's DDL names it: name, type, comment. */
export function athenaColumn({ name, type, description }: Column): string {
  return `${ddlName(name)} ${type} COMMENT ${ddlString(description)}`;
}

/** Athena's DDL of an Iceberg table at an S3 location, idempotent and without SQL comments, which Athena's DDL refuses. */
export function athenaDdl(table: Table, location: string): string {
  const columns = table.columns.map((column) => `  ${athenaColumn(column)}`);
  const properties = Object.entries(athenaTableProperties(table)).map(
    ([name, value]) => `  ${ddlString(name)} = ${ddlString(value)}`,
  );
  return [
    `CREATE TABLE IF NOT EXISTS ${ddlName(table.name)} (\n${columns.join(',\n')}\n)`,
    ...(table.partition.length === 0 ? [] : [`PARTITIONED BY (${table.partition.map(ddlTransform).join(', ')})`]),
    `LOCATION ${ddlString(location)}`,
    `TBLPROPERTIES (\n${properties.join(',\n')}\n)`,
  ].join('\n');
}
