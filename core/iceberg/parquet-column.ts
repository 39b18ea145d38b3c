import { type AsyncBuffer, parquetMetadataAsync, parquetReadObjects } from 'hyparquet';
import { compressors } from 'hyparquet-compressors';
import type { ObjectReader } from './object-reader.ts';

/** A value of a row, and the others of the same row that were asked for. */
export type FoundRow = Readonly<Record<string, unknown>>;

/** Instants as microseconds since 1970: a date of JavaScript would cut them short. */
const parsers = { timestampFromMicroseconds: (micros: bigint) => micros };

/**
 * The rows of a Parquet file whose value in a text column is one of some wanted, with the values of other columns beside
 * it: all rows that the file stores, those that a file of deletes strikes out too. Groups of rows whose statistics rule
 * all values out are not read.
 *
 * @param wanted in order of their bytes.
 */
export async function rowsWith(
  objects: ObjectReader,
  file: { readonly path: string; readonly bytes: number },
  column: string,
  wanted: readonly string[],
  others: readonly string[],
): Promise<FoundRow[]> {
  const source = bufferOf(objects, file);
  const metadata = await parquetMetadataAsync(source);
  const found: FoundRow[] = [];
  const set = new Set(wanted);
  // A missing value is nobody, not even somebody whose name is `null`.
  const isWanted = ({ [column]: value }: FoundRow) => typeof value === 'string' && set.has(value);
  let rowStart = 0;
  for (const group of metadata.row_groups) {
    const rowEnd = rowStart + Number(group.num_rows);
    const chunk = group.columns.find(({ meta_data }) => meta_data?.path_in_schema.join('.') === column)?.meta_data;
    // A column that the file was written without holds nobody.
    const mayHold = chunk !== undefined && anyBetween(wanted, chunk.statistics?.min_value, chunk.statistics?.max_value);
    if (mayHold) {
      const reading = { file: source, metadata, compressors, parsers, rowStart, rowEnd };
      const people = await parquetReadObjects({ ...reading, columns: [column] });
      if (people.some(isWanted)) {
        const rows = await parquetReadObjects({ ...reading, columns: [column, ...others] });
        found.push(...rows.filter(isWanted));
      }
    }
    rowStart = rowEnd;
  }
  return found;
}

/** All values of a text column of a Parquet file. */
export async function valuesOf(
  objects: ObjectReader,
  file: { readonly path: string; readonly bytes: number },
  column: string,
): Promise<string[]> {
  const rows = await parquetReadObjects({ file: bufferOf(objects, file), compressors, columns: [column] });
  return rows.map((row) => String(row[column]));
}

/** Orders texts as Parquet's statistics do: by their bytes. */
export function byBytes(left: string, right: string): number {
  return Buffer.compare(Buffer.from(left), Buffer.from(right));
}

function anyBetween(wanted: readonly string[], least: unknown, greatest: unknown): boolean {
  if (typeof least !== 'string' || typeof greatest !== 'string') return wanted.length > 0;
  // The first one that is not below the least.
  let [from, to] = [0, wanted.length];
  while (from < to) {
    const middle = (from + to) >> 1;
    if (byBytes(wanted[middle] ?? '', least) < 0) from = middle + 1;
    else to = middle;
  }
  const first = wanted[from];
  return first !== undefined && byBytes(first, greatest) <= 0;
}

/** Objects shorter than this are fetched whole: asking twice would cost more. */
const wholeBelow = 1_000_000;

function bufferOf(
  objects: ObjectReader,
  { path, bytes }: { readonly path: string; readonly bytes: number },
): AsyncBuffer {
  const whole = bytes < wholeBelow ? objects.read(path) : undefined;
  return {
    byteLength: bytes,
    slice: async (start, end = bytes) => {
      const part = whole === undefined ? await objects.read(path, start, end) : (await whole).subarray(start, end);
      const copy = new ArrayBuffer(part.byteLength);
      new Uint8Array(copy).set(part);
      return copy;
    },
  };
}
