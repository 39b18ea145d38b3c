import { CheckFailed } from '../errors.ts';
import type { Runtime } from '../lake/runtime.ts';
import type { Subject } from './erasures.ts';
import { erasuresOf } from './ports.ts';
import type { Batch } from './request-store.ts';

/** The people of a batch, each once, in scope up to the last of their requests; from the vault. @throws CheckFailed when it has lost one. */
export async function subjectsOf(runtime: Runtime, batch: Pick<Batch, 'id' | 'requests'>): Promise<Subject[]> {
  const { store, vault } = erasuresOf(runtime);
  const requests = new Map((await store.requestsOf(batch.requests)).map((request) => [request.id, request]));
  const kept = await vault.get(batch.requests);
  const scopeEnds = new Map<string, string>();
  for (const id of batch.requests) {
    const submittedAt = requests.get(id)?.submittedAt;
    if (submittedAt === undefined) throw new Error(`${batch.id} has a request that is not on record: ${id}`);
    const identities = kept.get(id) ?? [];
    // Without it nobody would be erased, and the request be called completed all the same.
    if (identities.length === 0) throw new CheckFailed(`The vault has lost the identity of request ${id}.`);
    for (const identity of identities) {
      const before = scopeEnds.get(identity);
      if (before === undefined || before < submittedAt) scopeEnds.set(identity, submittedAt);
    }
  }
  return [...scopeEnds].map(([identity, end]) => ({ identity, scopeEnds: end }));
}

/** Puts a batch's people where SQL joins them. */
export async function writeSubjects(runtime: Runtime, batch: Pick<Batch, 'id' | 'requests'>): Promise<void> {
  await erasuresOf(runtime).subjects.write(batch.id, await subjectsOf(runtime, batch));
}

/** The batches whose people no build may take in. */
export async function openBatches(runtime: Runtime): Promise<string[]> {
  if (runtime.erasures === undefined) return [];
  const batches = await runtime.erasures.store.openBatches();
  return batches.filter(({ stage }) => stage !== 'closing' && stage !== 'estimating').map(({ id }) => id);
}
