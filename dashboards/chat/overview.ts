import { goldDataQuality, goldPeriodStatus, goldTimeSeries } from '../../core/chat/tables.ts';
import { chart, type Page } from '../chart.ts';
import { activeUsers, cost, costPerUser, messages, rooms, tokens } from './figures.ts';
import { keyFigure, overTime } from './series-charts.ts';

const stickiness = chart(goldTimeSeries, {
  id: 'stickiness',
  title: 'Stickiness (DAU / MAU)',
  description:
    "The mean of a month's daily active users, a day without any being 0, divided by its monthly active users: the share of the month's people who come on an average day. Months that have ended.",
  kind: 'lines',
  axis: 'month',
  by: ['platform'],
  built: goldPeriodStatus,
  measures: [{ column: 'active_users', aggregate: 'daily mean per monthly', label: 'DAU / MAU', format: 'share' }],
  grain: 'all',
  lastPeriods: 24,
  platforms: 'compared',
  width: 6,
});

const periodStatus = chart(goldPeriodStatus, {
  id: 'data-as-of',
  title: 'Data as of',
  description:
    'The latest period of each grain. Provisional: late events may still change it for some days; final: nothing does. Complete through: the last of its days that was there when it was built.',
  kind: 'table',
  by: ['grain'],
  measures: [
    { column: 'period_start', aggregate: 'peak', label: 'Latest period', format: 'date' },
    { column: 'state', aggregate: 'latest', label: 'State', format: 'text' },
    { column: 'complete_through', aggregate: 'peak', label: 'Complete through', format: 'date' },
    { column: 'built_at', aggregate: 'peak', label: 'Last built (UTC)', format: 'instant' },
  ],
  grain: 'all',
  platforms: 'none',
  width: 6,
});

const dataQuality = chart(goldDataQuality, {
  id: 'data-quality',
  title: 'Data quality',
  description:
    'What was looked at in the data of each day, and on how many days it was fine (ok), worth a look (warning) or wrong (failure): records that stopped coming, volume against the same weekday, repeats, late and rejected records, values that are missing or new, and cost per token.',
  kind: 'table',
  by: ['check_name', 'subject', 'severity'],
  measures: [
    { column: 'dt', aggregate: 'count', label: 'Findings', format: 'count' },
    { column: 'dt', aggregate: 'peak', label: 'Last day', format: 'date' },
  ],
  grain: 'all',
  platforms: 'none',
  width: 12,
});

export const overview: Page = {
  id: 'overview',
  title: 'Overview',
  sentence: 'How many people come, how often, and what they cost.',
  charts: [
    ...[activeUsers, messages, rooms, tokens, cost, costPerUser].map(keyFigure),
    overTime(activeUsers, { id: 'dau', title: 'Daily active users (DAU)', grain: 'DAILY', lastPeriods: 90, width: 12 }),
    overTime(activeUsers, { id: 'wau', title: 'Weekly active users (WAU)', grain: 'WEEKLY', lastPeriods: 52 }),
    overTime(activeUsers, { id: 'mau', title: 'Monthly active users (MAU)', grain: 'MONTHLY', lastPeriods: 24 }),
    stickiness,
    periodStatus,
    dataQuality,
  ],
};
