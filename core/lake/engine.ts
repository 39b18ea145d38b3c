/** What one statement cost, as the engine counts it. */
export interface StatementStatistics {
  readonly bytesScanned: number;
  readonly engineMillis: number;
}

export type StatementStatus =
  | { readonly state: 'queued' | 'running' }
  | { readonly state: 'succeeded'; readonly statistics: StatementStatistics }
  | {
      readonly state: 'failed' | 'cancelled';
      readonly statistics: StatementStatistics;
      /** The engine's name for the error, such as `ICEBERG_COMMIT_ERROR`; never its text, which can hold row values. */
      readonly code: string;
      /** Whether the same statement may succeed when it is tried again. */
      readonly passing: boolean;
    };

/** A SQL engine with asynchronous statements. Athena is the first; a state machine starts a statement and comes back to look. */
export interface Engine {
  /**
   * Starts a statement and returns its id. The same token with the same text finds the statement that was started before.
   *
   * @throws StatementRefused when the engine cannot read the text, and finds that out before it starts anything.
   */
  start(sql: string, token: string): Promise<string>;
  status(id: string): Promise<StatementStatus>;
  /** The first rows of a finished query, at most `most`, each value as text or null. */
  rows(id: string, most: number): Promise<Record<string, string | null>[]>;
  /** All rows of a finished query, however many. */
  allRows(id: string): Promise<Record<string, string | null>[]>;
  /** Rows that a finished MERGE, INSERT or DELETE touched; undefined where the engine does not say. */
  rowsChanged(id: string): Promise<number | undefined>;
}
