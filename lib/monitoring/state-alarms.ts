import { holdsPeople } from '../../core/dsr/erasure-workflow.ts';
import type { Pipeline } from '../../core/lake/pipeline.ts';
import type { Config } from '../config.ts';
import { type AlarmSpec, measured } from './alarm-spec.ts';

const bytesPerGiB = 1024 ** 3;

/** Alarms on what the lake reports of itself every hour. */
export function stateAlarms(config: Config, pipelines: readonly Pipeline[]): AlarmSpec[] {
  const { alarms } = config;
  return [
    {
      name: 'state-not-reported',
      says: 'Nothing has reported how the lake stands for two hours, so that most alarms are blind.',
      metric: measured(config, 'StateReports', 'Sum'),
      threshold: 1,
      below: true,
      periods: 2,
      silence: 'bad',
    },
    {
      name: 'period-late',
      says: `A day, week or month is not built ${alarms.builtWithinHours} hours after its end.`,
      metric: measured(config, 'PeriodsLate', 'Maximum'),
      threshold: 1,
      silence: 'as before',
    },
    {
      name: 'statement-slow',
      says: `A statement took ${alarms.statementMinutes} minutes or more; Athena ends it after 30.`,
      metric: measured(config, 'StatementTime', 'Maximum'),
      threshold: alarms.statementMinutes * 60,
      silence: 'fine',
    },
    {
      name: 'statement-large',
      says: `A statement read ${alarms.statementGiB} GiB or more.`,
      metric: measured(config, 'StatementBytes', 'Maximum'),
      threshold: alarms.statementGiB * bytesPerGiB,
      silence: 'fine',
    },
    {
      name: 'cost-per-day',
      says: `The statements of 24 hours cost ${alarms.athenaDollarsPerDay} dollars or more.`,
      metric: measured(config, 'AthenaDollarsPerDay', 'Maximum'),
      threshold: alarms.athenaDollarsPerDay,
      silence: 'as before',
    },
    {
      name: 'records-rejected',
      says: `${alarms.rejectedPercent} % or more of the records of yesterday and today were rejected.`,
      metric: measured(config, 'RejectedShare', 'Maximum'),
      threshold: alarms.rejectedPercent,
      periods: 2,
      // No record at all, no share: `bronze-behind` looks after that.
      silence: 'fine',
    },
    {
      name: 'retention-held',
      says: 'Days stay a week beyond their retention, since gold made from them is not final; now they go all the same.',
      metric: measured(config, 'RetentionDaysHeld', 'Maximum'),
      threshold: 7,
      // Measured once a day: the alarm ends an hour later, and begins again the next day while it holds.
      silence: 'fine',
    },
    {
      name: 'data-quality',
      says: 'The data of the newest day is far from what is usual.',
      metric: measured(config, 'DataQualityFailures', 'Maximum'),
      threshold: 1,
      silence: 'fine',
    },
    ...(config.kafka.kind === 'none' ? [] : [bronzeBehind(config)]),
    ...(pipelines.some(holdsPeople) ? erasureAlarms(config) : []),
  ];
}

function bronzeBehind(config: Config): AlarmSpec {
  const { bronzeBehindMinutes } = config.alarms;
  return {
    name: 'bronze-behind',
    says: `Bronze has been ${bronzeBehindMinutes} minutes or more behind Kafka in two reports.`,
    metric: measured(config, 'SourceDelayMinutes', 'Maximum'),
    threshold: bronzeBehindMinutes,
    periods: 2,
    silence: 'as before',
  };
}

function erasureAlarms(config: Config): AlarmSpec[] {
  const { oldestRequestDays } = config.alarms;
  return [
    {
      name: 'erasure-due-soon',
      says: 'A request for erasure has used up 70 % of the time that the law gives it.',
      metric: measured(config, 'RequestsDueSoon', 'Maximum'),
      threshold: 1,
      silence: 'as before',
    },
    {
      name: 'erasure-old',
      says: `A request for erasure has been open for ${oldestRequestDays} days or more.`,
      metric: measured(config, 'OldestRequestHours', 'Maximum'),
      threshold: oldestRequestDays * 24,
      silence: 'as before',
    },
    {
      name: 'erasure-failed',
      says: 'The newest erasing run failed, or a batch is not proven after three rewrites.',
      metric: measured(config, 'ErasuresFailed', 'Maximum'),
      threshold: 1,
      silence: 'as before',
    },
    {
      name: 'erasure-stuck',
      says: 'A batch has not been taken further for 36 hours after its wait was over.',
      metric: measured(config, 'BatchesStuck', 'Maximum'),
      threshold: 1,
      silence: 'as before',
    },
  ];
}
