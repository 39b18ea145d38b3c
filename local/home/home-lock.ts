/** Whether opening a DuckDB file failed because another process has it. DuckDB's lock on the file ends with its process, kill -9 included. */
export function isOwnedElsewhere(error: unknown): boolean {
  return error instanceof Error && /Could not set lock on file|already open in another process/i.test(error.message);
}
