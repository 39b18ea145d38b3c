import { erasureWorkflow } from '../dsr/erasure-workflow.ts';
import { erasuresOf } from '../dsr/ports.ts';
import type { Batch, ErasureRequest } from '../dsr/request-store.ts';
import type { Runtime } from '../lake/runtime.ts';
import type { MetricName } from './metrics.ts';

const hourMillis = 3_600_000;
/** Of the time between a request and the day by which it has to be answered: what is left is enough for a second try. */
const dueSoonShare = 0.7;
/** The workflow runs once a day: a batch whose wait was over for longer has been passed over. */
const stuckMillis = 36 * hourMillis;
/** As many as a batch may take. */
const mostPending = 100_000;
/** Rewrites after which a batch is given up, until somebody has looked. */
const mostFailedProofs = 3;

/** How the requests and batches of a place stand: what is open, what is about to be late, what does not move. */
export async function erasureState(runtime: Runtime): Promise<[MetricName, number][]> {
  const { store } = erasuresOf(runtime);
  const now = runtime.now().getTime();
  const batches: Batch[] = [];
  const open = await store.pending(mostPending);
  for (const { id } of await store.openBatches()) {
    const batch = await store.batch(id);
    if (batch === undefined) continue;
    batches.push(batch);
    open.push(...(await store.requestsOf(batch.requests)));
  }
  const ages = open.map(({ receivedAt }) => (now - Date.parse(receivedAt)) / hourMillis);
  return [
    ['RequestsOpen', open.length],
    ['RequestsDueSoon', open.filter((request) => isDueSoon(request, now)).length],
    ['OldestRequestHours', Math.max(0, ...ages)],
    ['ErasuresFailed', batches.filter(keepsFailing).length + (await failedRuns(runtime))],
    ['BatchesStuck', batches.filter(({ waitsUntil }) => now - Date.parse(waitsUntil) > stuckMillis).length],
  ];
}

function isDueSoon({ receivedAt, due }: ErasureRequest, now: number): boolean {
  const received = Date.parse(receivedAt);
  return now >= received + dueSoonShare * (Date.parse(due) - received);
}

function keepsFailing({ rounds }: Batch): boolean {
  return (rounds.at(-1)?.failedProofs ?? 0) >= mostFailedProofs;
}

/** Pipelines whose newest erasing run has failed; the next that succeeds ends it. */
async function failedRuns({ ledger, pipelines }: Runtime): Promise<number> {
  const names = new Set(pipelines.map((pipeline) => erasureWorkflow(pipeline).name));
  const newest = (await ledger.latestRuns(200)).find(
    ({ workflow, outcome }) => names.has(workflow) && outcome !== undefined,
  );
  return newest?.outcome === 'failed' ? 1 : 0;
}
