import { z } from 'zod';
import type { ManifestEntry } from '../iceberg/manifest.ts';

/** Places in a list of files: the first, and the one after the last. */
export const filePartShape = z.object({ from: z.int(), to: z.int() });

/** A part of a table's files, by their places in the list of those that may hold people. */
export type FilePart = z.infer<typeof filePartShape>;

/** How much one task reads. */
export interface PartSize {
  readonly rows: number;
  /** As how many rows opening a file counts. */
  readonly rowsPerFile: number;
}

/**
 * A minute on a machine that reads a million rows a second in one column, and so far from a task's 15 minutes on any. Opening
 * a file takes two requests of some 25 ms.
 */
const standingSize: PartSize = { rows: 50_000_000, rowsPerFile: 50_000 };

/** Divides files into parts that a task can read, each file into one of them. */
export function partsOf(files: readonly ManifestEntry[], size: PartSize = standingSize): FilePart[] {
  const starts: number[] = [];
  let weight = Number.POSITIVE_INFINITY;
  for (const [place, { rows }] of files.entries()) {
    weight += rows + size.rowsPerFile;
    if (weight > size.rows) {
      starts.push(place);
      weight = rows + size.rowsPerFile;
    }
  }
  return starts.map((from, part) => ({ from, to: starts[part + 1] ?? files.length }));
}
