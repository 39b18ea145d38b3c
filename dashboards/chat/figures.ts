import type { goldTimeSeries } from '../../core/chat/tables.ts';
import type { Format } from '../chart.ts';

type SeriesColumn = (typeof goldTimeSeries)['columns'][number]['name'];

/** What the figures of one column are called and mean. Every chart of the column says the same. */
export interface Figure {
  readonly column: SeriesColumn;
  readonly label: string;
  readonly meaning: string;
  readonly format: Format;
  /** What a period without a row means. Default: as for every chart, `zero` for counts, else `unknown`. */
  readonly absent?: 'zero';
}

const distinct = 'On a platform it counts who used that platform; All counts everybody once.';

export const activeUsers: Figure = {
  column: 'active_users',
  label: 'Active users',
  meaning: `Distinct people with at least one chat message in the period, whatever the response. ${distinct}`,
  format: 'count',
};
export const messages: Figure = {
  column: 'messages_cnt',
  label: 'Messages',
  meaning: 'Chat messages in the period, repeated deliveries counted once.',
  format: 'count',
};
export const rooms: Figure = {
  column: 'rooms_cnt',
  label: 'Rooms',
  meaning: `Distinct rooms with at least one message in the period. All counts a room used on two platforms once.`,
  format: 'count',
};
export const tokens: Figure = {
  column: 'total_tokens',
  label: 'Tokens',
  meaning: 'Tokens that models read and wrote, as the records state the total; input + output where they do not.',
  format: 'count',
};
export const cost: Figure = {
  column: 'total_cost',
  label: 'Cost',
  meaning: 'Price of all requests in USD, as the records state the total; request + input + output where they do not.',
  format: 'usd',
  absent: 'zero',
};
export const costPerUser: Figure = {
  column: 'cost_per_user',
  label: 'Cost per user',
  meaning: "The period's total cost in USD divided by its active users.",
  format: 'usd',
};
