import { digest } from '../lake/period-inputs.ts';
import type { Pipeline } from '../lake/pipeline.ts';
import type { Runtime } from '../lake/runtime.ts';
import { pendingRequests } from './pending-requests.ts';
import { erasuresOf } from './ports.ts';
import { earliestScopeEndOfAll } from './scope.ts';
import { writeSubjects } from './subjects.ts';

/**
 * Makes a draft of the batch that a run would open of some pending requests, for a dry run to count: no request is in it, so
 * that each may still be taken back, and no build leaves its people out. Called again for the same run it finds its own.
 *
 * @returns the draft's id, undefined where there is nothing to count: that nobody has asked is then what was found.
 */
export async function draftBatch(runtime: Runtime, pipeline: Pipeline, run: string): Promise<string | undefined> {
  const { store } = erasuresOf(runtime);
  const pending = await pendingRequests(store);
  const at = runtime.now().toISOString();
  const people = new Set(pending.flatMap(({ pseudonyms }) => pseudonyms)).size;
  const [due] = pending.map((request) => request.due).sort();
  const found = { at, requests: pending.length, people, tables: {}, dollars: 0 };
  if (due === undefined) {
    await store.keepEstimate(found);
    return undefined;
  }
  const id = draftOf(run);
  await store.save({
    id,
    pipeline: pipeline.name,
    openedAt: at,
    stage: 'estimating',
    waitsUntil: at,
    requests: [],
    subjects: people,
    ...earliestScopeEndOfAll(pending),
    rounds: [{ kind: 'erasure', before: {}, runs: [] }],
    estimate: { ...found, due },
  });
  // After the draft is on record: whatever becomes of this run, the next one finds it and takes them away.
  await writeSubjects(runtime, { id, requests: pending.map((request) => request.id) });
  return id;
}

const prefix = 'dry-run-';

/** The id of a run's own draft. */
export function draftOf(run: string): string {
  return `${prefix}${digest([run]).slice(0, 16)}`;
}

/** Whether an id is a draft's, be it there still or not. */
export function isDraft(id: string): boolean {
  return id.startsWith(prefix);
}

/** Takes away what a dry run has put where SQL joins it, and what it has written down; done again, it finds nothing to do. */
export async function discardDraft(runtime: Runtime, id: string): Promise<void> {
  const { store, subjects, condemned } = erasuresOf(runtime);
  await subjects.destroy(id);
  await condemned?.destroy(id);
  await store.discard(id);
}
