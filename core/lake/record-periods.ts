import { addDays, lastDateOf, periodsOf, type Window, widen } from '../window.ts';
import { isFinal, newestPeriod } from './open-periods.ts';
import { digest, type RecordCounts, sameInputs, sourceInputs, upstreamInputs } from './period-inputs.ts';
import type { Workflow } from './pipeline.ts';
import { becomesFinal, runsLookedAt } from './plan.ts';
import type { BuiltPeriod } from './run-ledger.ts';
import type { Runtime } from './runtime.ts';

/** Which pass of which run has been built, and from how many source records. */
export interface PassRequest {
  readonly run: string;
  readonly window: Window;
  /** Default: the workflow does not read sources. */
  readonly counts?: RecordCounts;
}

/** Puts the periods of a finished pass on record, so that what follows knows what it is made from. */
export async function recordPass(runtime: Runtime, workflow: Workflow, request: PassRequest): Promise<void> {
  const { run, window } = request;
  const clock = { now: runtime.now(), settings: runtime.settings };
  const changed = await changesOf(runtime, workflow, request);
  const before = await runtime.ledger.builtPeriods(workflow.name, window.from, window.to);
  const records: BuiltPeriod[] = [];
  for (const period of periodsOf(window)) {
    const old = before.find((built) => built.period.from === period.from && built.state !== 'dropped');
    const derived = workflow.upstream.kind === 'workflows';
    const inputs = derived
      ? await upstreamInputs(runtime, workflow, period)
      : sourceInputs(request.counts ?? {}, period);
    const same = old !== undefined && !changed.window && sameInputs(old.inputs, inputs);
    records.push({
      workflow: workflow.name,
      period,
      inputs,
      ...(derived ? {} : { firstInputs: old?.firstInputs ?? old?.inputs ?? inputs }),
      builtAt: same ? old.builtAt : clock.now.toISOString(),
      revision: same ? old.revision : digest([run, period.from]),
      completeThrough: derived ? await completeThrough(runtime, workflow, period) : lastDateOf(period),
      state: isFinal(period, clock) || old?.sealed === true ? 'final' : 'provisional',
      ...(old?.sealed === true ? { sealed: true } : {}),
    });
  }
  if (changed.neighbours) records.push(...(await touchedNeighbours(runtime, workflow, request)));
  await runtime.ledger.recordPeriods(records);
}

/**
 * Which rows the statements of the pass changed: those of its window, and those of the periods beside it. After a run that
 * did not come to its record both count as changed: its statements may have done what those of this one found done.
 */
async function changesOf(
  runtime: Runtime,
  workflow: Workflow,
  { run, window }: PassRequest,
): Promise<{ window: boolean; neighbours: boolean }> {
  if (await followsFailure(runtime, workflow, run)) {
    return { window: true, neighbours: workflow.steps.some(({ scope }) => scope === 'neighbours') };
  }
  const statements = (await runtime.ledger.statementsOf(run)).filter((one) => one.window.from === window.from);
  const changed = (neighbours: boolean) =>
    workflow.steps.some(
      (step) =>
        (step.scope === 'neighbours') === neighbours &&
        // An engine that does not say how many rows it changed has to be taken as having changed some.
        statements.some((one) => one.statement === step.statement && one.rowsChanged !== 0),
    );
  return { window: changed(false), neighbours: changed(true) };
}

/** Whether the last run of the workflow before this one failed, or died before its end. */
async function followsFailure({ ledger }: Runtime, workflow: Workflow, run: string): Promise<boolean> {
  const runs = (await ledger.latestRuns(runsLookedAt)).filter((one) => one.workflow === workflow.name);
  const before = runs[runs.findIndex(({ id }) => id === run) + 1];
  return before !== undefined && before.outcome !== 'succeeded';
}

async function touchedNeighbours(runtime: Runtime, workflow: Workflow, request: PassRequest): Promise<BuiltPeriod[]> {
  const { run, window } = request;
  const wide = widen(window, 1, 1);
  const built = await runtime.ledger.builtPeriods(workflow.name, wide.from, wide.to);
  return built
    .filter(({ period, state }) => state !== 'dropped' && (period.from < window.from || period.from >= window.to))
    .map((neighbour) => ({ ...neighbour, revision: digest([run, neighbour.period.from]) }));
}

/** Last day of a period that the first upstream workflow has built; the day before the period when it has none. */
async function completeThrough(runtime: Runtime, workflow: Workflow, period: Window): Promise<string> {
  const [first] = workflow.upstream.kind === 'workflows' ? workflow.upstream.names : [];
  const built = first === undefined ? [] : await runtime.ledger.builtPeriods(first, period.from, period.to);
  const last = built.filter((upstream) => upstream.state !== 'dropped').at(-1);
  return last === undefined ? addDays(period.from.slice(0, 10), -1) : lastDateOf(last.period);
}

/** Days beyond the look-back for which a period's status is written again, should an earlier run have died before it could. */
const statusTailDays = 7;

/**
 * Makes final what has become final, and says for which window the period status has to be written: the periods of this
 * run and the recent ones; undefined when nothing is built.
 */
export async function settlePeriods(
  runtime: Runtime,
  workflow: Workflow,
  passes: readonly Window[],
): Promise<Window | undefined> {
  const clock = { now: runtime.now(), settings: runtime.settings };
  const built = await runtime.ledger.builtPeriods(workflow.name);
  const settled = built.filter((period) => becomesFinal(period, clock));
  await runtime.ledger.recordPeriods(settled.map((period) => ({ ...period, state: 'final' })));
  const newest = newestPeriod(workflow, clock);
  const tail = addDays(newest.to.slice(0, 10), -runtime.settings.lookbackDays - statusTailDays);
  const report = built
    .map(({ period }) => period)
    .filter((period) => period.to.slice(0, 10) >= tail || passes.some((pass) => covers(pass, period)))
    .concat(settled.map(({ period }) => period));
  if (report.length === 0) return undefined;
  const starts = report.map((period) => period.from).sort();
  const ends = report.map((period) => period.to).sort();
  return { grain: workflow.grain, from: starts[0] ?? newest.from, to: ends.at(-1) ?? newest.to };
}

function covers(window: Window, period: Window): boolean {
  return window.from <= period.from && period.to <= window.to;
}
