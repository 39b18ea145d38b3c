import { readFileSync } from 'node:fs';
import { z } from 'zod';
import type { TableShape } from './table-shape.ts';

interface ProfileNode {
  readonly operator_type?: string | undefined;
  readonly operator_rows_scanned?: number | undefined;
  readonly extra_info: Record<string, unknown>;
  readonly children: readonly ProfileNode[];
}

const nodeSchema: z.ZodType<ProfileNode> = z.lazy(() =>
  z.object({
    operator_type: z.string().optional(),
    operator_rows_scanned: z.number().optional(),
    extra_info: z.record(z.string(), z.unknown()),
    children: z.array(nodeSchema),
  }),
);

/** Bytes of one value, uncompressed; a text counts as 16. */
export function valueBytes(type: string): number {
  const upper = type.toUpperCase();
  if (upper === 'DATE' || upper === 'INTEGER' || upper === 'FLOAT') return 4;
  if (upper === 'BOOLEAN' || upper === 'TINYINT') return 1;
  const precision = /^DECIMAL\((\d+),/.exec(upper)?.[1];
  if (upper === 'VARCHAR' || (precision !== undefined && Number(precision) > 18)) return 16;
  return 8;
}

/**
 * Estimates what a statement scanned from DuckDB's profile of it: rows read after row groups were skipped (counted by DuckDB)
 * times the columns read, at an uncompressed width that is assumed by type.
 */
export function scannedBytes(
  profilePath: string,
  shapeOf: (database: string, table: string) => TableShape | undefined,
): number {
  let text: string;
  try {
    text = readFileSync(profilePath, 'utf8');
  } catch {
    // DDL and statements that found nothing to do leave no profile.
    return 0;
  }
  const root = nodeSchema.safeParse(JSON.parse(text));
  return root.success ? bytesOf(root.data, shapeOf) : 0;
}

function bytesOf(node: ProfileNode, shapeOf: (database: string, table: string) => TableShape | undefined): number {
  const below = node.children.reduce((sum, child) => sum + bytesOf(child, shapeOf), 0);
  const name = node.extra_info.Table;
  if (node.operator_type !== 'TABLE_SCAN' || typeof name !== 'string') return below;
  const [table = '', database = ''] = name.split('.').reverse();
  const shape = shapeOf(database, table);
  if (shape === undefined) return below;
  const projected = [node.extra_info.Projections].flat().map(String);
  const filters = [node.extra_info.Filters].flat().map(String).join(' ');
  const columns = shape.columns.filter(
    (column) => projected.includes(column.name) || new RegExp(`\\b${column.name}\\b`).test(filters),
  );
  const width = columns.reduce((sum, column) => sum + valueBytes(column.type), 0);
  return below + (node.operator_rows_scanned ?? 0) * width;
}
