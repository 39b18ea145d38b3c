import { erasureWorkflow, rewriteStatement } from '../dsr/erasure-workflow.ts';
import { mostFailedProofs } from '../dsr/finish-stage.ts';
import { dueSoonShare, mostSubjects } from '../dsr/limits.ts';
import { erasuresOf } from '../dsr/ports.ts';
import type { Batch, DayCount, ErasureRequest } from '../dsr/request-store.ts';
import type { StatementRecord } from '../lake/run-ledger.ts';
import type { Runtime } from '../lake/runtime.ts';
import type { MetricName } from './metrics.ts';
import { isIn, type Span } from './span.ts';

const hourMillis = 3_600_000;
/** The workflow runs once a day: a batch whose wait was over for longer has been passed over. */
const stuckMillis = 36 * hourMillis;

/**
 * How the requests and batches of a place stand: what is open, what is about to be late, what does not move, and what has been
 * erased in a span of time.
 *
 * @param statements those that have ended in it.
 */
export async function erasureState(
  runtime: Runtime,
  span: Span,
  statements: readonly StatementRecord[],
): Promise<[MetricName, number][]> {
  const { store } = erasuresOf(runtime);
  const now = runtime.now().getTime();
  const batches: Batch[] = [];
  const done: [MetricName, number][] = [];
  let open = await store.pending(mostSubjects);
  for (const { id } of await store.openBatches()) {
    const batch = await store.batch(id);
    if (batch === undefined) continue;
    batches.push(batch);
    const requests = await store.requestsOf(batch.requests);
    open = open.concat(requests);
    done.push(...doneIn(span, batch, requests));
  }
  return [
    ['RequestsOpen', open.length],
    ['RequestsDueSoon', open.filter((request) => isDueSoon(request, now)).length],
    ['OldestRequestHours', Math.max(0, now - oldestOf(open)) / hourMillis],
    ['ErasuresFailed', batches.filter(keepsFailing).length + (await failedRuns(runtime))],
    ['BatchesStuck', batches.filter(({ waitsUntil }) => now - Date.parse(waitsUntil) > stuckMillis).length],
    ...statements
      .filter(({ statement }) => statement === rewriteStatement)
      .map(({ bytesScanned }): [MetricName, number] => ['BytesRewritten', bytesScanned]),
    ...done,
  ];
}

/** What a batch's rounds have come to in a span of time: rows, and the time that its oldest request has waited. */
function doneIn(span: Span, { rounds }: Batch, requests: readonly ErasureRequest[]): [MetricName, number][] {
  const oldest = oldestOf(requests);
  const hoursUntil = (at: string) => (Date.parse(at) - oldest) / hourMillis;
  const done: [MetricName, number][] = [];
  for (const { kind, before, erasedAt = '', provenAt = '' } of rounds) {
    if (isIn(span, erasedAt)) {
      const days: DayCount[] = Object.values(before).flatMap((table) => Object.values(table));
      const rows = (count: (day: DayCount) => number) => days.reduce((sum, day) => sum + count(day), 0);
      done.push(['RowsErased', rows(({ subjects }) => subjects)]);
      done.push(['RowsRewritten', rows(({ all, subjects }) => all - subjects)]);
      // A sweep finds what came late; the person was gone from every query before.
      if (kind === 'erasure') done.push(['LogicalErasureHours', hoursUntil(erasedAt)]);
    }
    if (kind === 'erasure' && isIn(span, provenAt)) done.push(['PhysicalErasureHours', hoursUntil(provenAt)]);
  }
  return done;
}

/** When the first of some requests was received, in milliseconds; Infinity where there is none. They may be too many for a call's arguments. */
function oldestOf(requests: readonly ErasureRequest[]): number {
  return requests.reduce(
    (oldest, { receivedAt }) => Math.min(oldest, Date.parse(receivedAt)),
    Number.POSITIVE_INFINITY,
  );
}

function isDueSoon({ receivedAt, due }: ErasureRequest, now: number): boolean {
  const received = Date.parse(receivedAt);
  return now >= received + dueSoonShare * (Date.parse(due) - received);
}

function keepsFailing({ rounds }: Batch): boolean {
  const round = rounds.at(-1);
  return round?.provenAt === undefined && (round?.failedProofs ?? 0) >= mostFailedProofs;
}

/** Pipelines whose newest erasing run has failed; the next that succeeds ends it. */
async function failedRuns({ ledger, pipelines }: Runtime): Promise<number> {
  const names = new Set(pipelines.map((pipeline) => erasureWorkflow(pipeline).name));
  const newest = (await ledger.latestRuns(200)).find(
    ({ workflow, outcome }) => names.has(workflow) && outcome !== undefined,
  );
  return newest?.outcome === 'failed' ? 1 : 0;
}
