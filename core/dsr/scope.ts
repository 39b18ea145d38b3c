import type { Runtime } from '../lake/runtime.ts';
import { cutAt, dateOf, instantOf, type Window } from '../window.ts';
import { erasuresOf } from './ports.ts';
import type { ErasureRequest } from './request-store.ts';
import type { BaseTable } from './targets.ts';

const dayMillis = 86_400_000;

/** When the first of a batch's scopes ends. Default: it is not known, and every row's instant is looked at. */
export type EarliestScopeEnd = string | undefined;

/** The days of a table up to this one are settled: whatever their rows' instants, everybody's scope ends later. */
function settledUntil({ table, instant }: BaseTable, earliest: EarliestScopeEnd): number | undefined {
  const daysOff = table.eventTime === instant.name ? 0 : table.mostDaysOff;
  if (earliest === undefined || daysOff === undefined) return undefined;
  return Date.parse(earliest) - daysOff * dayMillis;
}

/**
 * Windows of a table cut where a row may first be later than somebody's scope: only statements for what comes after have to
 * read when a row happened, and Athena charges for each column that it reads.
 */
export function cutAtScope(base: BaseTable, windows: readonly Window[], earliest: EarliestScopeEnd): Window[] {
  const until = settledUntil(base, earliest);
  return until === undefined ? [...windows] : cutAt(windows, dateOf(until));
}

/** The condition, as SQL, under which a row of a window is in the scope of the person `subjects` that it names. */
export function scopeCondition(base: BaseTable, window: Window, earliest: EarliestScopeEnd): string {
  const until = settledUntil(base, earliest);
  const isSettled = until !== undefined && instantOf(window.to) <= until;
  return isSettled ? 'true' : `"${base.instant.name}" <= subjects.scope_ends`;
}

/** What a batch of some requests writes down of its scopes: a person of several requests is in scope up to the last of them. */
export function earliestScopeEndOfAll(requests: readonly Pick<ErasureRequest, 'submittedAt'>[]): {
  earliestScopeEnd?: string;
} {
  const [earliestScopeEnd] = requests.map(({ submittedAt }) => submittedAt).sort();
  return earliestScopeEnd === undefined ? {} : { earliestScopeEnd };
}

/** When the first of an open batch's scopes ends, as it was written down when the batch was opened. */
export async function earliestScopeEndOf(runtime: Runtime, batch: string): Promise<EarliestScopeEnd> {
  const open = await erasuresOf(runtime).store.openBatches();
  return open.find(({ id }) => id === batch)?.earliestScopeEnd;
}
