import { CheckFailed } from '../errors.ts';
import { digest } from '../lake/period-inputs.ts';
import type { Pipeline } from '../lake/pipeline.ts';
import type { Runtime } from '../lake/runtime.ts';
import { draftBatch, draftOf } from './draft-batch.ts';
import { pendingRequests } from './pending-requests.ts';
import { batchOf, erasuresOf } from './ports.ts';
import { ledgerMonths, monthsAfter, type OpenBatch } from './request-store.ts';
import { earliestScopeEndOfAll } from './scope.ts';
import { writeSubjects } from './subjects.ts';

/** What a tick does with a batch. */
export interface BatchStep {
  readonly batch: string;
  readonly step: 'erase' | 'estimate' | 'prove' | 'close' | 'fail';
  /** Why it cannot be taken further; empty where it can. */
  readonly cause: string;
}

/**
 * Opens a batch of everything that is pending, and says what this tick does with each batch whose wait is over.
 * Called again after a crash it goes on with what is there.
 *
 * @param options.dryRun what it would open a batch of is counted, and nothing else happens: requests and batches stay as they are.
 */
export async function planBatches(
  runtime: Runtime,
  pipeline: Pipeline,
  run: string,
  options: { dryRun?: boolean | undefined } = {},
): Promise<BatchStep[]> {
  const { store } = erasuresOf(runtime);
  const now = runtime.now().toISOString();
  // What a dry run has left behind that died.
  const drafts = (await store.openBatches()).filter(
    (draft) => draft.stage === 'estimating' && draft.pipeline === pipeline.name && draft.id !== draftOf(run),
  );
  const steps: BatchStep[] = drafts.map(({ id }) => ({ batch: id, step: 'close', cause: '' }));
  if (options.dryRun === true) {
    const draft = await draftBatch(runtime, pipeline, run);
    return draft === undefined ? steps : [...steps, { batch: draft, step: 'estimate', cause: '' }];
  }
  await store.removeEnded(monthsAfter(runtime.now(), -ledgerMonths).toISOString());
  for (const batch of await store.interrupted()) await store.open(batch, now);
  const pending = await pendingRequests(store);
  if (pending.length > 0) {
    const id = `batch-${now.slice(0, 10)}-${digest([run, now]).slice(0, 8)}`;
    const people = new Set(pending.flatMap(({ pseudonyms }) => pseudonyms));
    await store.open(
      {
        id,
        pipeline: pipeline.name,
        openedAt: now,
        stage: 'opened',
        waitsUntil: now,
        requests: pending.map((request) => request.id),
        subjects: people.size,
        ...earliestScopeEndOfAll(pending),
        rounds: [{ kind: 'erasure', before: {}, runs: [] }],
      },
      now,
    );
  }
  for (const batch of await store.openBatches()) {
    if (batch.stage === 'estimating' || batch.pipeline !== pipeline.name || batch.waitsUntil > now) continue;
    const step = stepOf(batch);
    // Written again at each stage: were they lost, a sweep would find nobody and call it done.
    const cause = step === 'close' ? '' : await whyNotWritten(runtime, batch.id);
    steps.push({ batch: batch.id, step: cause === '' ? step : 'fail', cause });
  }
  return steps;
}

/** Writes the people of a batch; says why it cannot, where the vault has lost one of them: the other batches have their turn. */
async function whyNotWritten(runtime: Runtime, batch: string): Promise<string> {
  try {
    await writeSubjects(runtime, await batchOf(runtime, batch));
    return '';
  } catch (error) {
    if (error instanceof CheckFailed) return error.message;
    throw error;
  }
}

function stepOf({ stage }: OpenBatch): BatchStep['step'] {
  if (stage === 'erased' || stage === 'swept') return 'prove';
  return stage === 'closing' ? 'close' : 'erase';
}
