import type { StatementRecord } from '../lake/run-ledger.ts';
import { prices } from './prices.ts';

/** Athena bills at least so much for each statement. */
export const leastBytesPerStatement = 10e6;

/**
 * What a statement costs at Athena's list price, in US dollars: by the bytes it read, at least 10 MB, and nothing for one
 * that failed. A cancelled one is billed for what it had read.
 */
export function dollarsOf({ outcome, bytesScanned }: Pick<StatementRecord, 'outcome' | 'bytesScanned'>): number {
  if (outcome === 'failed') return 0;
  return (Math.max(bytesScanned, leastBytesPerStatement) / 1e12) * prices.athenaPerTerabyte;
}
