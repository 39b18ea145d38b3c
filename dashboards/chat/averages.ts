import type { Page } from '../chart.ts';
import { costPerUser, type Figure } from './figures.ts';
import { overTime } from './series-charts.ts';

const perUserRoomOrMessage: readonly Figure[] = [
  costPerUser,
  {
    column: 'tokens_per_user',
    label: 'Tokens per user',
    meaning: "The period's total tokens divided by its active users.",
    format: 'average',
  },
  {
    column: 'rooms_per_user',
    label: 'Rooms per user',
    meaning:
      'In how many distinct rooms a user wrote, averaged over the active users. A shared room counts for each of them.',
    format: 'average',
  },
  {
    column: 'messages_per_user',
    label: 'Messages per user',
    meaning: "The period's messages divided by its active users.",
    format: 'average',
  },
  {
    column: 'messages_per_room',
    label: 'Messages per room',
    meaning: "The period's messages divided by the rooms they were written in.",
    format: 'average',
  },
  {
    column: 'tokens_per_message',
    label: 'Tokens per message',
    meaning: "The period's total tokens divided by its messages.",
    format: 'average',
  },
];

export const averages: Page = {
  id: 'averages',
  title: 'Averages',
  sentence: 'What one user, one room, one message comes to.',
  charts: perUserRoomOrMessage.map((figure) => overTime(figure)),
};
