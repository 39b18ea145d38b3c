import type { Window } from '../window.ts';

/** Which statement of which run: what a workflow's task is given, and all it needs. */
export interface StatementRequest {
  /** Name of the execution. */
  readonly run: string;
  readonly pipeline: string;
  readonly workflow: string;
  readonly window: Window;
  /** Path of the statement below `sql/`, without the ending. */
  readonly statement: string;
  /** The table that a maintenance statement is for. Default: the statement is the pipeline's own. */
  readonly table?: string | undefined;
  /** The batch of people that a statement of an erasure is for. Default: it is for none. */
  readonly batch?: string | undefined;
}

/** The statement and its window, for messages. */
export function describe({ statement, window }: StatementRequest): string {
  return `${statement} for ${window.from} to ${window.to}`;
}
