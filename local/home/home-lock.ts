import { duckdbMessage } from '../athena/duckdb-errors.ts';

/** Whether opening a DuckDB file failed because another process has it. DuckDB's lock on the file ends with its process, kill -9 included. */
export function isOwnedElsewhere(error: unknown): boolean {
  return /Could not set lock on file|already open in another process/i.test(duckdbMessage(error));
}
