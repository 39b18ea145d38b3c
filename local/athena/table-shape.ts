import { z } from 'zod';
import type { PartitionTransform } from '../../core/catalogue/table.ts';

/** What the engine has to know about a table of its own to answer as Iceberg would. */
export interface TableShape {
  readonly database: string;
  readonly name: string;
  readonly description: string;
  readonly columns: readonly { readonly name: string; readonly type: string; readonly description: string }[];
  readonly partition: readonly PartitionTransform[];
  readonly isView: boolean;
}

/** What DuckDB has no place for, kept as JSON in a table's comment. */
const noteSchema = z.object({
  description: z.string(),
  columns: z.record(z.string(), z.string()),
  partition: z.array(
    z.union([
      z.object({ transform: z.enum(['identity', 'hour', 'day', 'month']), column: z.string() }),
      z.object({ transform: z.literal('bucket'), column: z.string(), buckets: z.int().positive() }),
    ]),
  ),
});

export type TableNote = z.infer<typeof noteSchema>;

/** A table's note. Columns are described in it too: one comment a table opens a new home faster than one a column. */
export function noteText(table: {
  readonly description: string;
  readonly columns: readonly { readonly name: string; readonly description: string }[];
  readonly partition: readonly PartitionTransform[];
}): string {
  const columns = Object.fromEntries(table.columns.map((column) => [column.name, column.description]));
  return JSON.stringify({ description: table.description, columns, partition: table.partition });
}

/** The note in a table's comment; a table that somebody else made has none. */
export function readNote(comment: string | null): TableNote {
  const none = { description: '', columns: {}, partition: [] };
  if (comment === null || !comment.startsWith('{')) return none;
  return noteSchema.safeParse(JSON.parse(comment)).data ?? none;
}

/** The name of a partition column in `"t$partitions"`: Iceberg appends the transform. */
export function partitionName(partition: PartitionTransform): string {
  return partition.transform === 'identity' ? partition.column : `${partition.column}_${partition.transform}`;
}
