import type { Window } from '../window.ts';
import type { Batch } from './request-store.ts';

/**
 * Rows of a table and a window that erasures have taken, without those that sweeps found: these came late and were in no build.
 *
 * @param batches those of the pipeline that the table belongs to, closed ones among them.
 */
export function erasedRows(batches: readonly Batch[], table: string, { from, to }: Window): number {
  const counts = batches
    .flatMap(({ rounds }) => rounds.filter(({ kind, erasedAt }) => kind === 'erasure' && erasedAt !== undefined))
    .flatMap(({ before }) => Object.entries(before[table] ?? {}));
  return counts.reduce((sum, [day, { subjects }]) => (from <= day && day < to ? sum + subjects : sum), 0);
}
