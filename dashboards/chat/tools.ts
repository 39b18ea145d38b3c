import { goldToolCallBreakdown } from '../../core/chat/tables.ts';
import { chart, type Page } from '../chart.ts';

export const tools: Page = {
  id: 'tools',
  title: 'Tools',
  sentence: 'Which tools the models call, and for how many people.',
  charts: [
    chart(goldToolCallBreakdown, {
      id: 'tool-calls',
      title: 'Tool calls by tool',
      description: 'Calls that models made to tools while they answered, each counted once, by the kind of tool.',
      kind: 'stacked bars',
      axis: 'period',
      by: ['tool_type'],
      measures: [{ column: 'calls_cnt', aggregate: 'only', label: 'Tool calls', format: 'count' }],
      grain: 'chosen',
      platforms: 'one',
      width: 6,
    }),
    chart(goldToolCallBreakdown, {
      id: 'tool-users',
      title: 'Users by tool',
      description:
        'Distinct people whose messages led to at least one call of the tool in the period. Somebody with two tools counts in both, so a bar is no number of people.',
      kind: 'stacked bars',
      axis: 'period',
      by: ['tool_type'],
      measures: [{ column: 'users_cnt', aggregate: 'only', label: 'Users', format: 'count' }],
      grain: 'chosen',
      platforms: 'one',
      width: 6,
    }),
    chart(goldToolCallBreakdown, {
      id: 'top-tools',
      title: 'Top tools',
      description:
        'Calls: all in the time range. Mean users: distinct people of a period, averaged over those periods in which the tool was called; peak: the largest of them.',
      kind: 'table',
      by: ['tool_type'],
      measures: [
        { column: 'calls_cnt', aggregate: 'sum', label: 'Calls', format: 'count' },
        { column: 'users_cnt', aggregate: 'mean', label: 'Mean users', format: 'average' },
        { column: 'users_cnt', aggregate: 'peak', label: 'Peak users', format: 'count' },
      ],
      grain: 'chosen',
      platforms: 'one',
      width: 12,
    }),
  ],
};
