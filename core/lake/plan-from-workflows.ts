import { heldByErasures } from '../dsr/held-periods.ts';
import { WindowIncomplete } from '../errors.ts';
import { periodsOf, type Window } from '../window.ts';
import { incomplete, missingUpstream } from './missing-upstream.ts';
import { newestPeriod, openPeriods } from './open-periods.ts';
import { sameInputs, upstreamInputs } from './period-inputs.ts';
import type { Pipeline, Workflow } from './pipeline.ts';
import { clockOf, missedOf, type Plan, passesOf, withMissed } from './plan.ts';
import type { RunRequest } from './run-request.ts';
import type { Runtime } from './runtime.ts';

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
