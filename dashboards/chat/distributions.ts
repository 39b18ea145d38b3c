import { goldBucketDistribution, goldPeriodStatus } from '../../core/chat/tables.ts';
import { type Chart, chart, type Page } from '../chart.ts';
import { slug } from './slug.ts';

const bucketed = [
  { metric: 'COST', entity: 'USER', title: 'Users by cost, USD', value: "a user's total cost in USD" },
  { metric: 'TOKENS', entity: 'USER', title: 'Users by tokens', value: "a user's total tokens" },
  { metric: 'ROOMS', entity: 'USER', title: 'Users by rooms', value: "a user's distinct rooms" },
  { metric: 'MESSAGES', entity: 'USER', title: 'Users by messages', value: "a user's messages" },
  { metric: 'MESSAGES', entity: 'ROOM', title: 'Rooms by messages', value: "a room's messages" },
  { metric: 'TOKENS', entity: 'MESSAGE', title: 'Messages by tokens', value: "a message's tokens" },
] as const;

const counted = { USER: 'Users', ROOM: 'Rooms', MESSAGE: 'Messages' } as const;

function distribution({ metric, entity, title, value }: (typeof bucketed)[number]): Chart {
  const label = `${counted[entity]} per period`;
  return chart(goldBucketDistribution, {
    id: slug(title.replace(', USD', '')),
    title,
    description: `How many ${counted[entity].toLowerCase()} of an average period of the time range fall into each bucket of ${value} in the period and on the platform. A built period without any counts as 0. The upper edge belongs to a bucket; the last one is open. The buckets are those of the chosen grain.`,
    kind: 'grouped bars',
    axis: { label: 'bucket_label', order: 'bucket_order' },
    by: ['platform'],
    built: goldPeriodStatus,
    measures: [{ column: 'entity_cnt', aggregate: 'mean per period', label, format: 'average' }],
    where: { metric_name: metric, entity },
    grain: 'chosen',
    platforms: 'compared',
    width: 6,
  });
}

export const distributions: Page = {
  id: 'distributions',
  title: 'Distributions',
  sentence: 'How unevenly use and cost are spread.',
  charts: bucketed.map(distribution),
};
