import type { Pipeline } from '../lake/pipeline.ts';
import type { Runtime } from '../lake/runtime.ts';
import { addDays, instantOf, type Window } from '../window.ts';
import { affectedDays } from './plan-erasure.ts';
import { batchOf, roundOf } from './ports.ts';

/** A period that a workflow could build, and whether it has built it before. */
export interface Candidate {
  readonly period: Window;
  readonly built: boolean;
}

/**
 * Says which of a pipeline's periods have to stay as they are until an erasure has deleted its rows. From a batch's opening
 * on no build of the cleaned facts takes its people in, so that what shows them already must not be built from these again;
 * and while rows go, a first build would find them in one table and not in another. Their days are known once they are
 * counted.
 */
export async function heldByErasures(runtime: Runtime, pipeline: Pipeline): Promise<(candidate: Candidate) => boolean> {
  const batches = (await runtime.erasures?.store.openBatches()) ?? [];
  const opened = batches.filter((batch) => batch.stage === 'opened' && batch.pipeline === pipeline.name);
  const rounds = await Promise.all(opened.map(async ({ id }) => roundOf(await batchOf(runtime, id))));
  // A batch whose proof has failed is opened again: its rows are gone all the same.
  const going = rounds.filter(({ erasedAt }) => erasedAt === undefined);
  const days = going.flatMap(({ before }) => affectedDays(before));
  return ({ period, built }) => going.length > 0 && (built || touches(period, days));
}

/**
 * Whether a period shows anything of some days: of a day itself, or of one beside it, whose tool calls may have their
 * platform from the day's chats.
 */
export function touches(period: Window, days: readonly string[]): boolean {
  return days.some(
    (day) => instantOf(period.from) < instantOf(addDays(day, 2)) && instantOf(period.to) > instantOf(addDays(day, -1)),
  );
}
