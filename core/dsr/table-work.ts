import type { Window } from '../window.ts';

/** What a run does to one table for a batch: first what stands first. Most of it is empty in any one run. */
export interface TableWork {
  readonly table: string;
  /** Windows whose rows in scope are counted, and their files condemned. */
  readonly counts: readonly Window[];
  /** Windows that lose the rows in scope and are counted again. */
  readonly deletions: readonly Window[];
  /** Windows whose files are written anew. */
  readonly rewrites: readonly Window[];
  /** Windows, of which there is one at most, for which old snapshots go. */
  readonly expiries: readonly Window[];
  /** Windows, of which there is one at most, for which the manifests are written anew. */
  readonly manifests: readonly Window[];
}

/** Work on a table, with nothing to do but what is said. */
export function workOn(table: string, work: Partial<Omit<TableWork, 'table'>>): TableWork {
  return { table, counts: [], deletions: [], rewrites: [], expiries: [], manifests: [], ...work };
}
