import { partitionWindows } from '../catalogue/partition.ts';
import type { Table } from '../catalogue/table.ts';
import { StatementFailed } from '../errors.ts';
import type { Window } from '../window.ts';
import type { StatementRecord } from './run-ledger.ts';

/** The code of a rewrite that the engine's time limit has ended. It is one transaction, so that nothing of it stays. */
export const timedOut = 'ICEBERG_OPTIMIZE_TIMED_OUT';

/** How often a rewrite of one partition may meet the limit before its run stops: the first time the engine may have been busy. */
const mostTimeouts = 2;

/**
 * The part of a window that a rewrite takes next: all of it, until the time limit ends a rewrite; then half as many partitions
 * as that one took, from the first that is not done yet.
 *
 * @param statements what the run has on record of this statement on this table, in any windows, in order.
 * @returns undefined when all of the window is done, in parts.
 * @throws StatementFailed when one partition has met the limit twice with no commit in between.
 */
export function nextSpan(table: Table, window: Window, statements: readonly StatementRecord[]): Window | undefined {
  const within = statements.filter(({ window: { from, to } }) => from >= window.from && to <= window.to);
  if (!within.some(({ code }) => code === timedOut)) return window;
  const partitions = partitionWindows(table, window);
  let done = 0;
  let most = partitions.length;
  let timeouts = 0;
  for (const { window: part, outcome, code } of within) {
    if (code === timedOut) {
      const taken = partitions.filter(({ from, to }) => from >= part.from && to <= part.to).length;
      timeouts = taken === 1 ? timeouts + 1 : 0;
      most = Math.max(1, Math.floor(taken / 2));
    } else if (outcome === 'succeeded') {
      done = partitions.filter(({ to }) => to <= part.to).length;
    }
    // A commit, of all of the part or of some of its files: what comes next has less to do.
    if (outcome === 'succeeded' || code?.endsWith('_MORE_RUNS_NEEDED') === true) timeouts = 0;
  }
  const [first, last] = [partitions[done], partitions[Math.min(done + most, partitions.length) - 1]];
  if (first === undefined || last === undefined) return undefined;
  if (timeouts < mostTimeouts) return { ...first, to: last.to };
  throw new StatementFailed(
    `A rewrite of one partition of ${table.name}, ${first.from} to ${first.to}, has met the engine's time limit twice and keeps nothing: raise the limit for DML, then start the run again.`,
  );
}
