import type { Window } from '../window.ts';

/** Why a run was started: by its schedule, because somebody named the window, or as part of a backfill. */
export type RunMode = 'scheduled' | 'named' | 'backfill';

export interface RunRecord {
  /** The execution's name. */
  readonly id: string;
  readonly workflow: string;
  readonly mode: RunMode;
  /** The window asked for; absent for a scheduled run until it is planned. */
  readonly window?: Window;
  readonly startedAt: string;
  readonly finishedAt?: string;
  readonly outcome?: 'succeeded' | 'failed';
  /** One line without identifiers: which statement, which window, which code. */
  readonly failure?: string;
  /** What maintenance found and did. Default: the run was none. */
  readonly maintenance?: readonly MaintainedTable[];
}

/** How a table lies on storage. */
export interface TableSize {
  readonly files: number;
  readonly bytes: number;
  /** In the partition that has most. */
  readonly mostFiles: number;
  readonly snapshots: number;
}

/** What maintenance did, or on a dry run would do, to one table. */
export interface MaintainedTable {
  readonly table: string;
  readonly drops: readonly Window[];
  readonly rewrites: readonly Window[];
  /** Whether old snapshots were let go. */
  readonly expires: boolean;
  readonly before: TableSize;
  /** Absent where nothing has been done yet. */
  readonly after?: TableSize;
}

export interface StatementRecord {
  readonly run: string;
  readonly workflow: string;
  readonly window: Window;
  /** Path of the statement below `sql/`. */
  readonly statement: string;
  /** The table that a maintenance statement is for. Default: the statement is the pipeline's own. */
  readonly table?: string;
  /** The engine's id for it. */
  readonly id: string;
  readonly outcome: 'succeeded' | 'failed' | 'cancelled';
  /** The engine's code, for one that did not succeed; of a check that did, what it came to. */
  readonly code?: string;
  readonly rowsChanged?: number;
  readonly bytesScanned: number;
  readonly millis: number;
  readonly finishedAt: string;
}

/** One period that a workflow has built, as it was built last. */
export interface BuiltPeriod {
  readonly workflow: string;
  readonly period: Window;
  /** When a build last changed it. */
  readonly builtAt: string;
  /** Changes whenever its content may have: what is made from the period compares this with what it was made from. */
  readonly revision: string;
  /** What it was built from: record counts of sources, or revisions of upstream periods, by name. */
  readonly inputs: Readonly<Record<string, string>>;
  /** The record counts of sources that it was built from at first. Default: it reads no sources. */
  readonly firstInputs?: Readonly<Record<string, string>>;
  /** Last day of the period whose upstream was there. */
  readonly completeThrough: string;
  /** `final`: late events change it no more. `dropped`: retention has removed its rows. */
  readonly state: 'provisional' | 'final' | 'dropped';
  /** An erasure has made it final for good: it is never built again. Default: none has. */
  readonly sealed?: true;
}

export type Renewal = { readonly renewed: true } | { readonly renewed: false; readonly heldBy?: string | undefined };

/** What runs leave behind: who writes which table now, what was run, and what is built. */
export interface RunLedger {
  /**
   * Gives the run the turn to write all these tables, until `until` unless it asks again; or says which run has one of
   * them. Asking again with the same run renews.
   */
  takeTurn(run: string, tables: readonly string[], now: string, until: string): Promise<{ heldBy?: string }>;
  /**
   * Renews the turn of a run that has it still, lapsed or not; otherwise says who has it, if anybody has, and no turn
   * changes. A run that has ended gets none: a statement of it that comes late would hold its tables for a whole lease.
   */
  renewTurn(run: string, tables: readonly string[], until: string): Promise<Renewal>;
  giveTurnBack(run: string): Promise<void>;
  startRun(run: RunRecord): Promise<void>;
  finishRun(id: string, end: { finishedAt: string; outcome: 'succeeded' | 'failed'; failure?: string }): Promise<void>;
  /** Adds to the record of a run that has begun what maintenance found and did. */
  recordMaintenance(run: string, tables: readonly MaintainedTable[]): Promise<void>;
  /** The newest runs, newest first. */
  latestRuns(most: number): Promise<RunRecord[]>;
  recordStatement(statement: StatementRecord): Promise<void>;
  statementsOf(run: string): Promise<StatementRecord[]>;
  /** Built periods of a workflow that begin in `[from, to)`, in order; all of them without bounds. */
  builtPeriods(workflow: string, from?: string, to?: string): Promise<BuiltPeriod[]>;
  recordPeriods(periods: readonly BuiltPeriod[]): Promise<void>;
}
