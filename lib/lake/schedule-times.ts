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
 * Refuses times of workflows that have none, starts of what reads the sources at which the day that has ended cannot be
 * there yet, or would count as late, and starts of what is made from it at which it cannot be built yet. Days end at midnight
 * UTC, whatever the clock of the schedule.
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
  const timeOf = ([name, { schedule }]: [string, Workflow]) =>
    'at' in schedule ? (config.schedule.at[name] ?? schedule.at) : undefined;
  const sources = workflows.filter(([, { upstream, grain }]) => upstream.kind === 'sources' && grain === 'day');
  for (const source of sources) {
    const [name, at] = [source[0], timeOf(source)];
    if (at === undefined) continue;
    checkStart(name, at, config);
    for (const later of workflows.filter(([, { upstream }]) => reads(upstream, name))) {
      const start = timeOf(later);
      if (start === undefined || minutesOf(start) >= minutesOf(at) + leastMinutesAfter) continue;
      throw new InputError(
        `"schedule" starts ${later[0]} at ${start}, and ${name}, which it is made from, at ${at}: set "schedule.at" so that it starts ${leastMinutesAfter} minutes later or more.`,
      );
    }
  }
}

/** What a day's silver and gold may take before weeks and months are made from them. */
const leastMinutesAfter = 60;

function reads(upstream: Workflow['upstream'], name: string): boolean {
  return upstream.kind === 'workflows' && upstream.names.includes(name);
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
  return (((minutesOf(at) - minutesAhead(timeZone, day)) % 1_440) + 1_440) % 1_440;
}

function minutesOf(at: string): number {
  const [hours = 0, minutes = 0] = at.split(':').map(Number);
  return hours * 60 + minutes;
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
