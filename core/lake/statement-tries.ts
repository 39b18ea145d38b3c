import { createHash } from 'node:crypto';
import { timedOut } from './rewrite-span.ts';
import type { StatementRecord } from './run-ledger.ts';
import type { StatementRequest } from './statement-request.ts';

/** Athena's word for a maintenance statement that has done a part of its work and is to be run again for the rest. */
const moreRuns = /^ICEBERG_[A-Z]+_MORE_RUNS_NEEDED$/;
/** Recorded with a check that returned rows; and with one against the sources, which may have changed since the build. */
export const checkFailed = 'CHECK_FAILED';
export const sourcesDiffer = 'SOURCES_DIFFER';

/** Whether a code says that a maintenance statement is to be run again, for the rest or for less at once. */
export function isRound(code: string | undefined): boolean {
  return moreRuns.test(code ?? '') || code === timedOut;
}

/** How often the window of a request has been built in this run and found to differ from its sources. */
export function buildsOf({ window }: StatementRequest, statements: readonly StatementRecord[]): number {
  return statements.filter(
    (one) => one.code === sourcesDiffer && one.window.from === window.from && one.window.to === window.to,
  ).length;
}

/** How often a maintenance statement has ended in this run without being done, or having failed. */
export function roundsOf(request: StatementRequest, statements: readonly StatementRecord[]): number {
  return statements.filter((one) => isOf(request, one) && isRound(one.code)).length;
}

/** How often the statement of a request has failed in this run, and been tried again. */
export function failuresOf(request: StatementRequest, statements: readonly StatementRecord[]): number {
  const failed = ({ outcome, code }: StatementRecord) => outcome !== 'succeeded' && !isRound(code);
  return statements.filter((one) => isOf(request, one) && failed(one)).length;
}

function isOf(request: StatementRequest, { statement, table, window }: StatementRecord): boolean {
  const { from, to } = request.window;
  return statement === request.statement && table === request.table && window.from === from && window.to === to;
}

/** Execution, statement, window and how often it was tried; the text too, so that a changed statement is not mistaken for the one before. */
export function tokenOf(
  request: StatementRequest,
  sql: string,
  tries: Readonly<Record<'build' | 'round' | 'attempt', number>>,
): string {
  const parts = [
    request.run,
    request.statement,
    request.table ?? '',
    request.batch ?? '',
    request.window.from,
    request.window.to,
    String(tries.build),
    String(tries.round),
    String(tries.attempt),
    sql,
  ];
  return createHash('sha256').update(parts.join('\n')).digest('hex');
}

/** Two to sixty seconds, longer with each attempt, spread by the statement's id so that two rivals do not meet again. */
export function pauseAfter(id: string, attempt: number): number {
  const spread = (createHash('sha256').update(id).digest()[0] ?? 0) / 255;
  return Math.min(60, Math.ceil(2 ** attempt * (1 + spread)) + 1);
}
