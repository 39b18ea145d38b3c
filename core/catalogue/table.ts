import { DeclarationError } from '../errors.ts';

/** Column types, spelt as Athena's Iceberg DDL spells them. Timestamps have no zone and are UTC. */
export type ColumnType = 'string' | 'bigint' | 'double' | 'date' | 'timestamp' | `decimal(${number},${number})`;

/** What kind of subject a column points at, and what an erasure does about it. */
export interface Identifies {
  readonly kind: 'user' | 'room' | 'message';
  /** `delete row`: the row goes. `recompute`: the row is built again from tables that lost theirs. `set null`: the value alone goes. */
  readonly onErasure: 'delete row' | 'recompute' | 'set null';
}

export interface Column {
  readonly name: string;
  readonly type: ColumnType;
  readonly description: string;
  /** Set on a column whose value leads to a person, a room or a message. Default: it leads to nobody. */
  readonly identifies?: Identifies;
}

/** How rows are laid out on storage, in Iceberg's terms. */
export type PartitionTransform =
  | { readonly transform: 'identity' | 'hour' | 'day' | 'month'; readonly column: string }
  | { readonly transform: 'bucket'; readonly column: string; readonly buckets: number };

export interface Table {
  readonly name: string;
  readonly layer: 'bronze' | 'silver' | 'gold';
  readonly description: string;
  /** The columns that together are unique, in order. */
  readonly grain: readonly string[];
  readonly columns: readonly Column[];
  /** The column that says when a row happened or which period it describes: a `date` or a `timestamp`. */
  readonly eventTime: string;
  /**
   * Most days that the event time, where it is a `date`, lies off the UTC day of the row's one timestamp. Default: nobody has
   * said, so that it may be any number.
   */
  readonly mostDaysOff?: number;
  /** The column that holds `DAILY`, `WEEKLY` or `MONTHLY`, where one table holds several grains. Default: the table has one grain. */
  readonly periodGrain?: string;
  readonly partition: readonly PartitionTransform[];
  /** `days`: kept for the configured `retentionDays`. `forever`: holds no identifier and is never dropped. */
  readonly retention: 'days' | 'forever';
}

/** Glue takes a column's comment up to here, and one line of it. Source: Glue's API, `Column` and `IcebergStructField`. */
const mostOfComment = 255;

/** Declares a table, keeping its column names as literal types. @throws DeclarationError for a description that Glue would refuse. */
export function defineTable<const T extends Table>(table: T): T {
  for (const { name, description } of table.columns) {
    if (description.length > mostOfComment || /[\n\r]/.test(description)) {
      throw new DeclarationError(
        `${table.name}.${name} has a description of ${description.length} characters: give it ${mostOfComment} at most, in one line.`,
      );
    }
  }
  return table;
}

/** The column of a table by name. @throws Error when the table has no such column. */
export function columnOf<const T extends Table, const N extends T['columns'][number]['name']>(
  table: T,
  name: N,
): Column & { readonly name: N } {
  const column = table.columns.find((candidate) => candidate.name === name);
  if (column === undefined) throw new Error(`${table.name} has no column ${name}`);
  return { ...column, name };
}

/**
 * Whether an erasure has work on a table, so that old files have to leave it in time: it names somebody, or is made again
 * from tables that do, as all of silver is. Counts of before, beside those of after, would be the person.
 */
export function isErasureTarget(table: Table): boolean {
  return table.layer === 'silver' || identifyingColumns(table).length > 0;
}

/** The columns that lead to somebody: none in gold, by rule. */
export function identifyingColumns(table: Table): Column[] {
  return table.columns.filter((column) => column.identifies !== undefined);
}
