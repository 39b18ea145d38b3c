import { openPeriods } from '../lake/open-periods.ts';
import type { Pipeline } from '../lake/pipeline.ts';
import type { Runtime } from '../lake/runtime.ts';
import { instantOf, type Window } from '../window.ts';

const hourMillis = 3_600_000;

/**
 * The periods that a scheduled run should have built by now and has not: they ended more than `withinHours` ago. What lies
 * before a workflow's first period is not late, and neither is anything of one that has never built: its first run fails
 * loudly if it fails.
 */
export async function latePeriods(
  runtime: Runtime,
  pipeline: Pipeline,
  withinHours: number,
): Promise<{ workflow: string; period: Window }[]> {
  const clock = { now: runtime.now(), settings: runtime.settings };
  const latest = clock.now.getTime() - withinHours * hourMillis;
  const late: { workflow: string; period: Window }[] = [];
  for (const workflow of pipeline.workflows) {
    const built = await runtime.ledger.builtPeriods(workflow.name);
    const first = built[0]?.period.from;
    const known = new Set(built.map(({ period }) => period.from));
    for (const period of openPeriods(workflow, clock)) {
      if (first === undefined || period.from < first || known.has(period.from)) continue;
      if (instantOf(period.to) <= latest) late.push({ workflow: workflow.name, period });
    }
  }
  return late;
}
