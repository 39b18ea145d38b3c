import type { Schedule } from '../../core/lake/pipeline.ts';
import type { WeekStart } from '../../core/window.ts';

export interface CronOptions {
  readonly lookbackDays: number;
  readonly weekStart: WeekStart;
  /** Days on which a workflow runs beyond the day that makes its period final. */
  readonly spareDays: number;
  /** `HH:MM`. Default: what the schedule says. */
  readonly at?: string;
}

const weekdays = ['SUN', 'MON', 'TUE', 'WED', 'THU', 'FRI', 'SAT'] as const;

/** Fields of a cron expression, as EventBridge Scheduler reads them. */
export interface Cron {
  readonly minute: string;
  readonly hour: string;
  readonly day?: string;
  readonly weekDay?: string;
}

/**
 * When a workflow starts: a week's or a month's on the day after it, and on each of the `lookbackDays` days after that,
 * the last of which makes the period final.
 *
 * @throws Error for a workflow that follows another one instead of the clock.
 */
export function cronOf(schedule: Schedule, { lookbackDays, weekStart, spareDays, at }: CronOptions): Cron {
  if (schedule.kind === 'after') throw new Error('A workflow that follows another one has no time of its own');
  if (schedule.kind === 'hourly') return { minute: String(schedule.minute), hour: '*' };
  const [hour = '0', minute = '0'] = (at ?? schedule.at).split(':').map((part) => String(Number(part)));
  const days = 1 + lookbackDays + spareDays;
  switch (schedule.kind) {
    case 'daily':
      return { minute, hour };
    case 'weekly': {
      if (days >= 7) return { minute, hour };
      const first = weekStart === 'monday' ? 1 : 0;
      const names = Array.from({ length: days }, (_, index) => weekdays[(first + index) % 7] ?? 'MON');
      return { minute, hour, weekDay: names.join(',') };
    }
    case 'monthly':
      return { minute, hour, day: days === 1 ? '1' : `1-${days}` };
  }
}
