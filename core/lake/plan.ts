import { createHash } from 'node:crypto';
import { heldByErasures } from '../dsr/held-periods.ts';
import { WindowIncomplete } from '../errors.ts';
import { joinPeriods, periodsOf, periodsTouching, type Window } from '../window.ts';
import { isFinal, missedPeriods, newestPeriod, openPeriods } from './open-periods.ts';
import type { Pipeline, Workflow } from './pipeline.ts';
import type { BuiltPeriod, RunMode } from './run-ledger.ts';
import type { Runtime } from './runtime.ts';
import { sealedStarts } from './sealed-periods.ts';

/** What a run is asked for. Without a window it is the newest period that has ended, those that late events changed, and those missed. */
export interface RunRequest {
  readonly mode: RunMode;
  readonly window?: Window | undefined;
}

/** Records of each source table in each period: `counts[period.from][table]`. */
export type RecordCounts = Readonly<Record<string, Readonly<Record<string, string>>>>;

/** The windows that a run will build, one pass of the steps each. */
export interface Plan {
  readonly passes: readonly Window[];
}

type Clock = { readonly now: Date; readonly settings: Runtime['settings'] };

const clockOf = (runtime: Runtime): Clock => ({ now: runtime.now(), settings: runtime.settings });

/**
 * Records that one pass takes at most, unless one period alone has more. De-duplicating a million wide records took
 * more than the gigabyte that the embedded engine may use; Athena has room for far more, and then a period is a pass.
 */
const recordsPerPass = 500_000;

function passesOf(workflow: Workflow, periods: readonly Window[], records: (period: Window) => number): Plan {
  const limits = { periods: workflow.periodsPerPass ?? 1, weigh: records, weight: recordsPerPass };
  return { passes: joinPeriods(periods, limits) };
}

/** Records of all source tables in a period. */
function recordsIn(inputs: Readonly<Record<string, string>>): number {
  return Object.values(inputs).reduce((sum, count) => sum + Number(count), 0);
}

/** A missed period that so many runs have failed over is left to be asked for by name: it must not fail those to come. */
const mostTries = 3;
/** How far back a run looks for those before it, among runs of all workflows: an erasure's are some fifty a batch and day. */
export const runsLookedAt = 500;

/** {@link missedPeriods}: those that no run has failed over, and those that some have, though not too many. */
interface Missed {
  readonly fresh: readonly Window[];
  readonly failed: readonly Window[];
}

async function missedOf(runtime: Runtime, workflow: Workflow, built: readonly BuiltPeriod[]): Promise<Missed> {
  const missed = missedPeriods(workflow, built, clockOf(runtime));
  const [oldest] = missed;
  if (oldest === undefined) return { fresh: [], failed: [] };
  const failedRuns = (await runtime.ledger.latestRuns(runsLookedAt)).filter(
    (run) => run.workflow === workflow.name && run.outcome === 'failed' && run.startedAt >= oldest.to,
  );
  const tries = await Promise.all(failedRuns.map(({ id }) => runtime.ledger.statementsOf(id)));
  const triesOf = (period: Window) =>
    tries.filter((statements) =>
      statements.some(({ code, window }) => code !== undefined && window.from <= period.from && period.to <= window.to),
    ).length;
  return {
    fresh: missed.filter((period) => triesOf(period) === 0),
    failed: missed.filter((period) => triesOf(period) > 0 && triesOf(period) < mostTries),
  };
}

/** Passes, those of missed periods after those that dashboards wait for; what has failed before is tried alone, and last. */
function withMissed({ passes }: Plan, { passes: missed }: Plan, failed: readonly Window[]): Plan {
  return { passes: [...passes, ...missed, ...failed] };
}

/** The window whose source records a run has to count before it can plan. */
export async function windowToCount(runtime: Runtime, workflow: Workflow, request: RunRequest): Promise<Window> {
  if (request.window !== undefined) return request.window;
  const built = await runtime.ledger.builtPeriods(workflow.name);
  const [oldest] = [...missedPeriods(workflow, built, clockOf(runtime)), ...openPeriods(workflow, clockOf(runtime))];
  const newest = newestPeriod(workflow, clockOf(runtime));
  return { ...newest, from: oldest?.from ?? newest.from };
}

/**
 * Makes sure that the sources have delivered everything up to the end of a window. A backfill's caller vouches for it.
 *
 * @throws WindowIncomplete when the watermark has not passed the window.
 */
export async function validateSources(
  runtime: Runtime,
  pipeline: Pipeline,
  request: RunRequest,
  window: Window,
): Promise<void> {
  if (request.mode === 'backfill') return;
  const watermark = (await runtime.watermark(pipeline)).toISOString();
  if (watermark.slice(0, window.to.length) < window.to) {
    throw new WindowIncomplete(
      `${window.from} to ${window.to} is not complete: ${pipeline.name} has delivered up to ${watermark}. Run it when the window has ended.`,
    );
  }
}

/** Plans a run that reads sources: what was asked for by name, or what is new or has changed among the open periods, or was missed. */
export async function planFromSources(
  runtime: Runtime,
  pipeline: Pipeline,
  workflow: Workflow,
  request: RunRequest,
  counts: RecordCounts,
): Promise<Plan> {
  const records = (period: Window) => recordsIn(sourceInputs(counts, period));
  const sealed = await sealedStarts(runtime, pipeline, workflow);
  if (request.window !== undefined) {
    const left = await withoutDropped(runtime, workflow, request.mode, request.window);
    // By name a sealed period may be repaired.
    const asked = request.mode === 'named' ? left : left.filter(({ from }) => !sealed.has(from));
    return passesOf(workflow, asked, records);
  }
  const built = await runtime.ledger.builtPeriods(workflow.name);
  const newest = newestPeriod(workflow, clockOf(runtime)).from;
  const wanted = openPeriods(workflow, clockOf(runtime)).filter((period) => {
    const before = built.find((candidate) => candidate.period.from === period.from);
    const now = sourceInputs(counts, period);
    if (before !== undefined)
      return before.state === 'provisional' && !sealed.has(period.from) && !sameInputs(before.inputs, now);
    const begun = built.some((candidate) => candidate.period.from < period.from);
    return period.from === newest || begun || Object.keys(now).length > 0;
  });
  const missed = await missedOf(runtime, workflow, built);
  return withMissed(passesOf(workflow, wanted, records), passesOf(workflow, missed.fresh, records), missed.failed);
}

/**
 * The periods of a window but for those that retention has dropped: built from what is left they would be empty, and empty
 * gold after them.
 *
 * @throws WindowIncomplete when one of them was asked for by name.
 */
async function withoutDropped(runtime: Runtime, workflow: Workflow, mode: RunMode, window: Window): Promise<Window[]> {
  const built = await runtime.ledger.builtPeriods(workflow.name, window.from, window.to);
  const dropped = new Set(built.filter(({ state }) => state === 'dropped').map(({ period }) => period.from));
  const periods = periodsOf(window);
  const first = periods.find(({ from }) => dropped.has(from));
  if (first !== undefined && mode === 'named') {
    throw incomplete(workflow, first, { workflow: workflow.name, from: first.from, why: 'dropped' });
  }
  return periods.filter(({ from }) => !dropped.has(from));
}

/** Plans a run that reads other workflows' tables, and makes sure that these are complete. */
export async function planFromWorkflows(
  runtime: Runtime,
  pipeline: Pipeline,
  workflow: Workflow,
  request: RunRequest,
): Promise<Plan> {
  const held = await heldByErasures(runtime, pipeline);
  if (request.window !== undefined) {
    const periods = periodsOf(request.window);
    const ready: Window[] = [];
    for (const period of periods) {
      const [before] = await runtime.ledger.builtPeriods(workflow.name, period.from, period.to);
      if (before?.sealed === true) {
        if (request.mode === 'named') throw sealedPeriod(workflow, period);
        continue;
      }
      if (held({ period, built: before !== undefined })) {
        if (request.mode === 'named') throw heldPeriod(workflow, period);
        continue;
      }
      const missing = await missingUpstream(runtime, workflow, period);
      if (missing === undefined || (request.mode === 'backfill' && missing.why !== 'dropped')) ready.push(period);
      else if (request.mode === 'named') throw incomplete(workflow, period, missing);
    }
    return passesOf(workflow, ready, () => 0);
  }
  const newest = newestPeriod(workflow, clockOf(runtime)).from;
  const wanted: Window[] = [];
  for (const period of openPeriods(workflow, clockOf(runtime))) {
    const [before] = await runtime.ledger.builtPeriods(workflow.name, period.from, period.to);
    if (before !== undefined && before.state !== 'provisional') continue;
    if (held({ period, built: before !== undefined })) continue;
    if (before !== undefined && sameInputs(before.inputs, await upstreamInputs(runtime, workflow, period))) continue;
    const missing = await missingUpstream(runtime, workflow, period);
    if (missing === undefined) wanted.push(period);
    else if (period.from === newest && missing.why !== 'before data') throw incomplete(workflow, period, missing);
  }
  const missed = await missedOf(runtime, workflow, await runtime.ledger.builtPeriods(workflow.name));
  const ready = async (periods: readonly Window[]) => {
    const found: Window[] = [];
    for (const period of periods) {
      if (held({ period, built: false })) continue;
      if ((await missingUpstream(runtime, workflow, period)) === undefined) found.push(period);
    }
    return found;
  };
  const plan = (periods: readonly Window[]) => passesOf(workflow, periods, () => 0);
  return withMissed(plan(wanted), plan(await ready(missed.fresh)), await ready(missed.failed));
}

/** Why a period that an erasure has touched is not built again. */
function sealedPeriod(workflow: Workflow, period: Window): WindowIncomplete {
  return new WindowIncomplete(
    `${workflow.name} cannot build ${period.from} to ${period.to}: people have been erased from it since, what was built before stands, and building it again would show them by the difference.`,
  );
}

function heldPeriod(workflow: Workflow, period: Window): WindowIncomplete {
  return new WindowIncomplete(
    `${workflow.name} cannot build ${period.from} to ${period.to} yet: people are being erased, and it would show them by the difference. Run it when dsr has deleted their rows.`,
  );
}

interface Missing {
  readonly workflow: string;
  readonly from: string;
  /** `before data`: the upstream's very first period comes after it. */
  readonly why: 'not built' | 'dropped' | 'before data';
}

function incomplete(workflow: Workflow, period: Window, missing: Missing): WindowIncomplete {
  const what = `${workflow.name} cannot build ${period.from} to ${period.to}`;
  return missing.why === 'dropped'
    ? new WindowIncomplete(`${what}: retention has dropped ${missing.from}, and what was built from it stands.`)
    : new WindowIncomplete(
        `${what}: ${missing.workflow} has not built ${missing.from}. Run ${missing.workflow} first.`,
      );
}

/**
 * The first period that an upstream workflow lacks; one that retention has dropped before any other, since nothing brings it
 * back. Periods before its very first one are not missing: data began there.
 */
async function missingUpstream(runtime: Runtime, workflow: Workflow, period: Window): Promise<Missing | undefined> {
  if (workflow.upstream.kind === 'sources') return undefined;
  let missing: Missing | undefined;
  for (const name of workflow.upstream.names) {
    const all = await runtime.ledger.builtPeriods(name);
    const [first] = all;
    if (first === undefined) return { workflow: name, from: period.from, why: 'not built' };
    if (first.period.from >= period.to) return { workflow: name, from: period.from, why: 'before data' };
    const states = new Map(all.map((built) => [built.period.from, built.state]));
    const needed = periodsTouching(first.period.grain, period.from, period.to, runtime.settings.weekStart);
    for (const { from } of needed) {
      if (states.get(from) === 'dropped') return { workflow: name, from, why: 'dropped' };
      if (!states.has(from) && from >= first.period.from) missing ??= { workflow: name, from, why: 'not built' };
    }
  }
  return missing;
}

/** What a source period would be built from now: the record count of each table that has any. */
export function sourceInputs(counts: RecordCounts, period: Window): Record<string, string> {
  return { ...counts[period.from] };
}

/** What a derived period would be built from now: per upstream workflow, one digest of the revisions of its periods. */
export async function upstreamInputs(
  runtime: Runtime,
  workflow: Workflow,
  period: Window,
): Promise<Record<string, string>> {
  const inputs: Record<string, string> = {};
  if (workflow.upstream.kind === 'sources') return inputs;
  for (const name of workflow.upstream.names) {
    const built = await runtime.ledger.builtPeriods(name, period.from, period.to);
    inputs[name] = digest(built.map((upstream) => `${upstream.period.from} ${upstream.revision}`));
  }
  return inputs;
}

export function sameInputs(left: BuiltPeriod['inputs'], right: BuiltPeriod['inputs']): boolean {
  const names = new Set([...Object.keys(left), ...Object.keys(right)]);
  return [...names].every((name) => left[name] === right[name]);
}

/** A short digest of a list of texts. */
export function digest(texts: readonly string[]): string {
  return createHash('sha256').update(texts.join('\n')).digest('hex').slice(0, 32);
}

/** Whether a built period has become final since it was recorded. */
export function becomesFinal(built: BuiltPeriod, clock: Clock): boolean {
  return built.state === 'provisional' && isFinal(built.period, clock);
}
