import type { Runtime } from '../lake/runtime.ts';
import { dollarsOf } from '../monitoring/statement-cost.ts';
import { batchOf, erasuresOf, roundOf } from './ports.ts';
import type { ErasureEstimate } from './request-store.ts';

const cost = (bytesScanned: number) => dollarsOf({ outcome: 'succeeded', bytesScanned });

/** Statements that read a table for an erasure: settled days and the newest are counted apart; then it is deleted from, counted again, and written anew. */
const readings = 5;

/**
 * Says what a dry run has found, once the rows are counted, and keeps it. The bytes are those of the files that hold them:
 * OPTIMIZE reads them whole and writes them anew, together with small ones beside them.
 */
export async function estimateErasure(runtime: Runtime, batchId: string): Promise<ErasureEstimate> {
  const { store, prover } = erasuresOf(runtime);
  const batch = await batchOf(runtime, batchId);
  const tables: Record<string, ErasureEstimate['tables'][string]> = {};
  let dollars = 0;
  for (const [table, days] of Object.entries(roundOf(batch).before)) {
    const { files, bytes } = 'look' in prover ? await prover.condemnedFiles(batch.id, table) : { files: 0, bytes: 0 };
    const rows = Object.values(days).reduce((sum, { subjects }) => sum + subjects, 0);
    tables[table] = { rows, days: Object.keys(days).length, files, bytes };
    // The other readings are of a column or two and so of far less; each statement costs its least all the same.
    if (rows > 0) dollars += cost(bytes) + (readings - 1) * cost(0);
  }
  if (batch.estimate === undefined) throw new Error(`${batch.id} is no dry run`);
  const estimate = { ...batch.estimate, tables, dollars };
  await store.keepEstimate(estimate);
  return estimate;
}
