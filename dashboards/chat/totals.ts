import { goldTimeSeries } from '../../core/chat/tables.ts';
import { chart, type Page } from '../chart.ts';
import { cost, messages, rooms, tokens } from './figures.ts';
import { overTime } from './series-charts.ts';

const tokenBreakdown = chart(goldTimeSeries, {
  id: 'token-breakdown',
  title: 'Tokens by direction',
  description:
    'Input: tokens that models read (the prompt). Output: tokens that they wrote. A bar is their sum for one period on the chosen platform.',
  kind: 'stacked bars',
  axis: 'period',
  measures: [
    { column: 'input_tokens', aggregate: 'only', label: 'Input tokens', format: 'count' },
    { column: 'output_tokens', aggregate: 'only', label: 'Output tokens', format: 'count' },
  ],
  grain: 'chosen',
  platforms: 'one',
  width: 6,
});

const costBreakdown = chart(goldTimeSeries, {
  id: 'cost-breakdown',
  title: 'Cost by kind, USD',
  description:
    'Request: the price of the calls themselves. Input and output: the price of the tokens read and written. A bar is their sum for one period on the chosen platform.',
  kind: 'stacked bars',
  axis: 'period',
  measures: [
    { column: 'request_cost', aggregate: 'only', label: 'Request cost', format: 'usd' },
    { column: 'input_tokens_cost', aggregate: 'only', label: 'Input cost', format: 'usd' },
    { column: 'output_tokens_cost', aggregate: 'only', label: 'Output cost', format: 'usd' },
  ],
  absent: 'zero',
  grain: 'chosen',
  platforms: 'one',
  width: 6,
});

export const totals: Page = {
  id: 'totals',
  title: 'Totals',
  sentence: 'What is written, read and paid for, over time.',
  charts: [overTime(messages), overTime(rooms), overTime(tokens), overTime(cost), tokenBreakdown, costBreakdown],
};
