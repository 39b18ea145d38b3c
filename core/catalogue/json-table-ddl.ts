import { athenaColumn, ddlName, ddlString } from './athena-ddl.ts';
import type { Column } from './table.ts';

/** A table over files of JSON, one object a line, that somebody else puts there and takes away. */
export interface JsonTable {
  readonly name: string;
  readonly columns: readonly Column[];
  /** The column, a string, by whose value the files lie in folders. */
  readonly partition: Column;
}

/** Athena's DDL of an external table over the files below an S3 location, idempotent. Its partitions are added one by one. */
export function jsonTableDdl({ name, columns, partition }: JsonTable, location: string): string {
  return [
    `CREATE EXTERNAL TABLE IF NOT EXISTS ${ddlName(name)} (\n${columns.map((column) => `  ${athenaColumn(column)}`).join(',\n')}\n)`,
    `PARTITIONED BY (${athenaColumn(partition)})`,
    `ROW FORMAT SERDE ${ddlString(jsonSerialization)}`,
    `LOCATION ${ddlString(location)}`,
  ].join('\n');
}

/** How Hive calls its reader of JSON; Athena and Trino both have it. */
export const jsonSerialization = 'org.apache.hive.hcatalog.data.JsonSerDe';
