import { bronzeRejectedRecords, goldPeriodStatus, goldTimeSeries } from '../core/chat/tables.ts';
import { type Chart, chart } from './chart.ts';

/** Records that could not enter bronze: for the console's operations page, since analysts read gold alone. */
export const rejectedRecords: Chart = chart(bronzeRejectedRecords, {
  id: 'rejected-records',
  title: 'Rejected records by reason',
  description:
    'Records that may not enter bronze, as often as they were delivered, for as long as bronze is kept. Only where they can be found again is stored, never what they hold.',
  kind: 'table',
  by: ['field', 'reason'],
  measures: [
    { column: 'offset', aggregate: 'count', label: 'Records', format: 'count' },
    { column: 'dt', aggregate: 'peak', label: 'Last arrived', format: 'date' },
  ],
  grain: 'all',
  platforms: 'none',
  width: 12,
});

/** First and last period of each grain, which time ranges are counted from. */
export const builtPeriods: Chart = chart(goldPeriodStatus, {
  id: 'built-periods',
  title: 'Built periods',
  description: 'First and last period of each grain, and the first that late events may still change.',
  kind: 'table',
  by: ['grain'],
  measures: [
    { column: 'period_start', aggregate: 'first', label: 'First', format: 'date' },
    { column: 'period_start', aggregate: 'peak', label: 'Last', format: 'date' },
    {
      column: 'period_start',
      aggregate: { firstWhere: 'state', is: 'provisional' },
      label: 'Provisional from',
      format: 'date',
    },
    { column: 'built_at', aggregate: 'peak', label: 'Last built', format: 'instant' },
  ],
  grain: 'all',
  platforms: 'none',
  width: 12,
});

/** The platforms there are, the busiest first, which readers choose from. */
export const knownPlatforms: Chart = chart(goldTimeSeries, {
  id: 'known-platforms',
  title: 'Platforms',
  description: 'Platforms by their messages on all days.',
  kind: 'table',
  by: ['platform'],
  measures: [{ column: 'messages_cnt', aggregate: 'sum', label: 'Messages', format: 'count' }],
  grain: 'DAILY',
  platforms: 'none',
  width: 12,
});
