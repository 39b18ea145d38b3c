import { WindowIncomplete } from '../errors.ts';
import { periodsTouching, type Window } from '../window.ts';
import type { Workflow } from './pipeline.ts';
import type { Runtime } from './runtime.ts';

/** The period that keeps another from being built. */
export interface Missing {
  readonly workflow: string;
  readonly from: string;
  /** `before data`: the upstream's very first period comes after it. */
  readonly why: 'not built' | 'dropped' | 'before data';
}

/** Why a period cannot be built that lacks another. */
export function incomplete(workflow: Workflow, period: Window, missing: Missing): WindowIncomplete {
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
export async function missingUpstream(
  runtime: Runtime,
  workflow: Workflow,
  period: Window,
): Promise<Missing | undefined> {
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
