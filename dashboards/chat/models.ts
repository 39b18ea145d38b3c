import { goldModelBreakdown } from '../../core/chat/tables.ts';
import { chart, type Page } from '../chart.ts';

export const models: Page = {
  id: 'models',
  title: 'Models',
  sentence: 'Which models answer, and what each of them costs.',
  charts: [
    chart(goldModelBreakdown, {
      id: 'cost-by-model',
      title: 'Cost by model, USD',
      description:
        'Price of all requests that the model answered, in USD, as the records state the total. A bar is the total cost of one period on the chosen platform. Unknown: messages that name no model.',
      kind: 'stacked bars',
      axis: 'period',
      by: ['model'],
      measures: [{ column: 'total_cost', aggregate: 'only', label: 'Cost', format: 'usd' }],
      absent: 'zero',
      grain: 'chosen',
      platforms: 'one',
      width: 6,
    }),
    chart(goldModelBreakdown, {
      id: 'messages-by-model',
      title: 'Messages by model',
      description:
        'Chat messages that the model answered, repeated deliveries counted once. A bar is all messages of one period on the chosen platform.',
      kind: 'stacked bars',
      axis: 'period',
      by: ['model'],
      measures: [{ column: 'messages_cnt', aggregate: 'only', label: 'Messages', format: 'count' }],
      grain: 'chosen',
      platforms: 'one',
      width: 6,
    }),
    chart(goldModelBreakdown, {
      id: 'cost-per-message-by-model',
      title: 'Cost per message by model, USD',
      description: "The model's total cost in the period divided by the messages that it answered, in USD.",
      kind: 'lines',
      axis: 'period',
      by: ['model'],
      measures: [
        { column: 'total_cost', aggregate: { per: 'messages_cnt' }, label: 'Cost per message', format: 'usd' },
      ],
      grain: 'chosen',
      platforms: 'one',
      width: 6,
    }),
    chart(goldModelBreakdown, {
      id: 'tokens-per-message-by-model',
      title: 'Tokens per message by model',
      description: 'Tokens that the model read and wrote in the period divided by the messages that it answered.',
      kind: 'lines',
      axis: 'period',
      by: ['model'],
      measures: [
        { column: 'total_tokens', aggregate: { per: 'messages_cnt' }, label: 'Tokens per message', format: 'average' },
      ],
      grain: 'chosen',
      platforms: 'one',
      width: 6,
    }),
    chart(goldModelBreakdown, {
      id: 'top-models',
      title: 'Models compared',
      description:
        'Everything in the time range. Cost per message and tokens per message: the sums of the range divided by its messages.',
      kind: 'table',
      by: ['model'],
      measures: [
        { column: 'total_cost', aggregate: 'sum', label: 'Cost, USD', format: 'usd' },
        { column: 'messages_cnt', aggregate: 'sum', label: 'Messages', format: 'count' },
        { column: 'input_tokens', aggregate: 'sum', label: 'Input tokens', format: 'count' },
        { column: 'output_tokens', aggregate: 'sum', label: 'Output tokens', format: 'count' },
        { column: 'total_cost', aggregate: { per: 'messages_cnt' }, label: 'Cost per message', format: 'usd' },
        { column: 'total_tokens', aggregate: { per: 'messages_cnt' }, label: 'Tokens per message', format: 'average' },
      ],
      grain: 'chosen',
      platforms: 'one',
      width: 12,
    }),
  ],
};
