import { erasureWorkflow, holdsPeople } from '../../core/dsr/erasure-workflow.ts';
import { InputError } from '../../core/errors.ts';
import { minutesUntilCommitted } from '../../core/ingest/commit-delay.ts';
import type { Pipeline, Workflow } from '../../core/lake/pipeline.ts';
import { maintenanceWorkflow } from '../../core/maintenance/maintenance-workflow.ts';
import type { Config } from '../config.ts';

/** Workflows that start by themselves, by the names of their state machines: each pipeline has a maintenance of its own. */
export function namedWorkflows(pipelines: readonly Pipeline[]): [string, Workflow][] {
  return pipelines.flatMap((pipeline): [string, Workflow][] => {
    const prefix = pipelines.length === 1 ? '' : `${pipeline.name}-`;
    const maintenance = maintenanceWorkflow(pipeline);
    return [
      ...pipeline.workflows.map((workflow): [string, Workflow] => [workflow.name, workflow]),
      [`${prefix}${maintenance.name}`, maintenance],
      ...(holdsPeople(pipeline) ? [erasureWorkflow(pipeline)] : []).map((workflow): [string, Workflow] => [
        `${prefix}${workflow.name}`,
        workflow,
      ]),
    ];
  });
}

/**
 * Refuses times of workflows that have none, and starts of what reads the sources at which the day that has ended cannot be
 * there yet, or would count as late. Days end at midnight UTC, whatever the clock of the schedule.
 *
 * @throws InputError
 */
export function checkScheduleTimes(config: Config, pipelines: readonly Pipeline[]): void {
  const workflows = namedWorkflows(pipelines);
  const withTime = workflows.filter(([, { schedule }]) => 'at' in schedule).map(([name]) => name);
  for (const name of Object.keys(config.schedule.at)) {
    if (withTime.includes(name)) continue;
    throw new InputError(
      `"schedule.at" names ${JSON.stringify(name)}, which has no time of its own: it may name ${withTime.join(', ')}.`,
    );
  }
  for (const [name, { schedule, upstream }] of workflows) {
    if (schedule.kind === 'daily' && upstream.kind === 'sources') {
      checkStart(name, config.schedule.at[name] ?? schedule.at, config);
    }
  }
}

function checkStart(name: string, at: string, { schedule, kafka, connector, alarms }: Config): void {
  const { commitMinutes } = connector;
  // As bronze may be behind without a fault.
  const first = kafka.kind === 'none' ? 0 : minutesUntilCommitted(commitMinutes) + commitMinutes;
  const last = alarms.builtWithinHours * 60;
  for (const day of ['2026-01-15', '2026-07-15']) {
    const start = minutesUtc(at, schedule.timeZone, day);
    if (start >= first && start < last) continue;
    throw new InputError(
      `"schedule" starts ${name} at ${at} in ${schedule.timeZone}, in ${day === '2026-01-15' ? 'January' : 'July'} at ${clockOf(start)} UTC: a day ends at 00:00 UTC, is in bronze by ${clockOf(first)}, and is late at ${clockOf(last)} ("alarms.builtWithinHours"). Set "schedule.at" to a time between the two.`,
    );
  }
}

/** Minutes after midnight UTC at which a clock of a time zone says `HH:MM`, around a day. */
function minutesUtc(at: string, timeZone: string, day: string): number {
  const [hours = 0, minutes = 0] = at.split(':').map(Number);
  const local = hours * 60 + minutes;
  return (((local - minutesAhead(timeZone, day)) % 1_440) + 1_440) % 1_440;
}

/** How far a time zone is ahead of UTC on a day. */
function minutesAhead(timeZone: string, day: string): number {
  const format = new Intl.DateTimeFormat('en-US', { timeZone, timeZoneName: 'longOffset' });
  const offset = format.formatToParts(new Date(day)).find(({ type }) => type === 'timeZoneName')?.value ?? '';
  const [, sign = '+', hours = '0', minutes = '0'] = /^GMT([+-])(\d\d):(\d\d)$/.exec(offset) ?? [];
  return (sign === '-' ? -1 : 1) * (Number(hours) * 60 + Number(minutes));
}

function clockOf(minutes: number): string {
  return [Math.floor(minutes / 60), minutes % 60].map((part) => String(part).padStart(2, '0')).join(':');
}
