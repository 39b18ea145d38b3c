import type { StatementRecord } from '../lake/run-ledger.ts';
import { dollarsOf } from './statement-cost.ts';

/** What is known of a statement that has been paid for. */
export type PaidStatement = Pick<StatementRecord, 'statement' | 'outcome' | 'bytesScanned' | 'millis' | 'finishedAt'>;

/** Statements put together, and what they read, took and cost. */
export interface Cost {
  readonly statements: number;
  readonly bytes: number;
  /** The engine's time, in milliseconds. */
  readonly millis: number;
  /** US dollars at Athena's list price. */
  readonly dollars: number;
}

export interface Costs {
  /** Newest first; days without statements are left out. */
  readonly days: readonly (Cost & { readonly day: string })[];
  /** Dearest first; of the same price, the one that read most. */
  readonly statements: readonly (Cost & { readonly statement: string })[];
  readonly total: Cost;
}

/** Costs by the UTC day on which statements ended, and by statement. */
export function costsOf(paid: readonly PaidStatement[]): Costs {
  const by = (key: (one: PaidStatement) => string) => {
    const groups = new Map<string, PaidStatement[]>();
    for (const one of paid) groups.set(key(one), [...(groups.get(key(one)) ?? []), one]);
    return [...groups];
  };
  return {
    days: by(({ finishedAt }) => finishedAt.slice(0, 10))
      .map(([day, group]) => ({ day, ...sumOf(group) }))
      .sort((left, right) => right.day.localeCompare(left.day)),
    statements: by(({ statement }) => statement)
      .map(([statement, group]) => ({ statement, ...sumOf(group) }))
      .sort((left, right) => right.dollars - left.dollars || right.bytes - left.bytes),
    total: sumOf(paid),
  };
}

function sumOf(paid: readonly PaidStatement[]): Cost {
  const cost = { statements: 0, bytes: 0, millis: 0, dollars: 0 };
  for (const one of paid) {
    cost.statements += 1;
    cost.bytes += one.bytesScanned;
    cost.millis += one.millis;
    cost.dollars += dollarsOf(one);
  }
  return cost;
}
