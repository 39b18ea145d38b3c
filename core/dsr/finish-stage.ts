import { CheckFailed } from '../errors.ts';
import { pipelineOf } from '../lake/find.ts';
import type { Runtime } from '../lake/runtime.ts';
import { concludeProof } from './conclude-proof.ts';
import { standingWaits } from './erasures.ts';
import { planManifests } from './plan-erasure.ts';
import { batchOf, erasuresOf, roundOf, withRound } from './ports.ts';
import type { Batch, ProofCheck } from './request-store.ts';
import type { TableWork } from './table-work.ts';
import { tablesToProve } from './targets.ts';

/** A proof that fails is tried again after a new rewrite so many times, before somebody has to look. */
export const mostFailedProofs = 3;

/**
 * Puts on record that the rows are gone from every query and every live file; old files wait for their expiry. Called again
 * for a batch that has come further already, as when an answer was lost, it only says what is next.
 */
export async function recordErased(runtime: Runtime, batchId: string): Promise<'close' | 'wait'> {
  const batch = await batchOf(runtime, batchId);
  if (batch.stage !== 'opened' && batch.stage !== 'proven') return afterStage(batch);
  const now = runtime.now();
  const nothing = Object.values(roundOf(batch).before).every((days) => Object.keys(days).length === 0);
  // A sweep that found nothing has nothing to wait for.
  const isEmptySweep = nothing && batch.stage === 'proven';
  const stage = isEmptySweep ? 'closing' : batch.stage === 'opened' ? 'erased' : 'swept';
  const { store, waits = standingWaits } = erasuresOf(runtime);
  await store.save({
    ...withRound(batch, { erasedAt: now.toISOString() }),
    stage,
    waitsUntil: new Date(now.getTime() + (isEmptySweep ? 0 : waits.expiryMillis)).toISOString(),
  });
  return afterStage({ stage });
}

/** What a batch that has reached a stage does next. */
function afterStage({ stage }: Pick<Batch, 'stage'>): 'close' | 'wait' {
  return stage === 'closing' ? 'close' : 'wait';
}

/** What a batch does next, and for which tables. */
export interface NextStep {
  readonly next: 'close' | 'wait' | 'rewrite manifests';
  readonly manifests: readonly TableWork[];
}

/**
 * Looks on storage for what should be gone. Clean, the batch goes on to its late sweep or its end. Where manifests alone
 * still tell of it they are written anew, and it is proven again once the old ones have expired; in any other case the next
 * run deletes and rewrites once more. Called again after it has found all gone, it only says what is next.
 *
 * @throws CheckFailed when that has not helped often enough.
 */
export async function proveErasure(runtime: Runtime, batchId: string, run: string): Promise<NextStep> {
  const { store, waits = standingWaits } = erasuresOf(runtime);
  const batch = await batchOf(runtime, batchId);
  if (!isToProve(batch)) return { next: afterStage(batch), manifests: [] };
  const proof = await proofOf(runtime, batch);
  const now = runtime.now();
  const round = roundOf(batch);
  const runs = [...new Set([...round.runs, run])];
  const failed = proof.filter(({ passed }) => !passed);
  if (failed.length === 0) {
    const next = proven(withRound(batch, { proof, runs, provenAt: now.toISOString() }), now, waits.lateMillis);
    await store.save(next);
    return { next: afterStage(next), manifests: [] };
  }
  const failedProofs = (round.failedProofs ?? 0) + 1;
  const inManifests = failed.every(({ rewriteManifestsOf }) => rewriteManifestsOf !== undefined);
  const again = batch.stage === 'swept' ? 'proven' : 'opened';
  await store.save({
    ...withRound(batch, { proof, runs, failedProofs }),
    stage: inManifests ? batch.stage : again,
    waitsUntil: new Date(now.getTime() + (inManifests ? waits.expiryMillis : 0)).toISOString(),
  });
  if (failedProofs % mostFailedProofs === 0) {
    const findings = failed.map(({ check, detail }) => `${check}: ${detail}`);
    throw new CheckFailed(`${batch.id} is not proven after ${failedProofs} rewrites: ${findings.join('; ')}.`);
  }
  if (!inManifests) return { next: 'wait', manifests: [] };
  const tables = new Set(failed.flatMap(({ rewriteManifestsOf }) => rewriteManifestsOf ?? []));
  return { next: 'rewrite manifests', manifests: planManifests(runtime, [...tables]) };
}

/** Whether a batch waits for its proof. */
export function isToProve({ stage }: Pick<Batch, 'stage'>): boolean {
  return stage === 'erased' || stage === 'swept';
}

/** Made of the looks at all tables where there are such, and otherwise at once. */
async function proofOf(runtime: Runtime, batch: Batch): Promise<ProofCheck[]> {
  const { prover, subjects } = erasuresOf(runtime);
  const { looks } = roundOf(batch);
  if (looks !== undefined) return concludeProof(tablesToProve(pipelineOf(runtime, batch.pipeline)), looks);
  if (!('prove' in prover)) throw new Error(`No table was looked at for ${batch.id}`);
  return await prover.prove(batch.id, await subjects.read(batch.id));
}

function proven(batch: Batch, now: Date, lateMillis: number): Batch {
  const after = Math.max(now.getTime(), Date.parse(batch.openedAt) + lateMillis);
  return batch.stage === 'erased'
    ? { ...batch, stage: 'proven', waitsUntil: new Date(after).toISOString() }
    : { ...batch, stage: 'closing', waitsUntil: now.toISOString() };
}
