import { openPeriods } from '../../core/lake/open-periods.ts';
import type { Pipeline, Workflow } from '../../core/lake/pipeline.ts';
import { maintenanceWorkflow } from '../../core/maintenance/maintenance-workflow.ts';
import type { Settings } from '../../core/settings.ts';

/** A workflow that its schedule starts on a day, and when. */
export interface ScheduledRun {
  readonly workflow: string;
  readonly at: Date;
}

/**
 * What the schedules of a pipeline start on a date, in order of time. A week's or month's workflow starts on the day
 * after it, and again while late events may still change it.
 */
export function scheduledRuns(pipeline: Pipeline, date: string, settings: Settings): ScheduledRun[] {
  const runs: ScheduledRun[] = [];
  for (const workflow of [...pipeline.workflows, maintenanceWorkflow(pipeline)]) {
    const at = timeOf(workflow, date, runs);
    const isDue = workflow.steps.length === 0 || openPeriods(workflow, { now: at, settings }).length > 0;
    if (isDue) runs.push({ workflow: workflow.name, at });
  }
  return runs.sort((left, right) => left.at.getTime() - right.at.getTime());
}

function timeOf({ schedule }: Workflow, date: string, before: readonly ScheduledRun[]): Date {
  switch (schedule.kind) {
    case 'after': {
      const upstream =
        before.find(({ workflow }) => workflow === schedule.workflow)?.at ?? new Date(`${date}T00:00:00Z`);
      // Long enough for the one before to have ended.
      return new Date(upstream.getTime() + 10 * 60_000);
    }
    case 'hourly':
      return new Date(`${date}T00:${String(schedule.minute).padStart(2, '0')}:00Z`);
    default:
      return new Date(`${date}T${schedule.at}:00Z`);
  }
}
