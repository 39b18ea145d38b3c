import type { Pipeline } from '../lake/pipeline.ts';
import { digest } from '../lake/plan.ts';
import type { Runtime } from '../lake/runtime.ts';
import { erasuresOf } from './ports.ts';
import type { Batch } from './request-store.ts';
import { writeSubjects } from './subjects.ts';

/** What a tick does with a batch. */
export interface BatchStep {
  readonly batch: string;
  readonly step: 'erase' | 'prove' | 'close';
}

/** Most subjects of a batch. */
const mostSubjects = 100_000;

/**
 * Opens a batch of everything that is pending, and says what this tick does with each batch whose wait is over.
 * Called again after a crash it goes on with what is there.
 */
export async function planBatches(runtime: Runtime, pipeline: Pipeline, run: string): Promise<BatchStep[]> {
  const { store } = erasuresOf(runtime);
  const now = runtime.now().toISOString();
  const pending = (await store.requests()).filter(({ status }) => status === 'pending').slice(0, mostSubjects);
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
        rounds: [{ kind: 'erasure', before: {}, runs: [] }],
      },
      now,
    );
  }
  const steps: BatchStep[] = [];
  for (const batch of await store.batches()) {
    if (batch.stage === 'closed' || batch.pipeline !== pipeline.name) continue;
    if (batch.stage !== 'closing') await writeSubjects(runtime, batch);
    if (batch.waitsUntil <= now) steps.push({ batch: batch.id, step: stepOf(batch) });
  }
  return steps;
}

function stepOf({ stage }: Batch): BatchStep['step'] {
  if (stage === 'erased' || stage === 'swept') return 'prove';
  return stage === 'closing' ? 'close' : 'erase';
}
