import type { Dashboard } from './chart.ts';
import { audience } from './chat/audience.ts';
import { averages } from './chat/averages.ts';
import { distributions } from './chat/distributions.ts';
import { models } from './chat/models.ts';
import { overview } from './chat/overview.ts';
import { tools } from './chat/tools.ts';
import { totals } from './chat/totals.ts';

/** The dashboards of the chat pipeline. They read gold alone: nothing in them leads to a person. */
export const chatDashboard: Dashboard = {
  id: 'chat',
  title: 'Chat analytics',
  description:
    'Who uses the chat, how much, with which tools, and what it costs. Read from gold, which holds no identifiers.',
  pages: [overview, totals, averages, audience, tools, models, distributions],
};
