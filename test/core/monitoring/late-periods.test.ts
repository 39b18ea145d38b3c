import { chatPipeline } from '../../../core/chat/pipeline.ts';
import { latePeriods } from '../../../core/monitoring/late-periods.ts';
import { builtDay } from '../../ledger/built-day.ts';
import { openLake } from '../../local/embedded-lake.ts';

test('days that should have been built by now are late, but for those before a workflow’s first, and of one that never built', async () => {
  const lake = await openLake({ lookbackDays: 4 }, { at: new Date('2026-03-10T06:00:00Z') });
  try {
    const { runtime } = lake.session;
    const late = async (withinHours: number) => {
      const found = await latePeriods(runtime, chatPipeline, withinHours);
      return found.map(({ workflow, period }) => `${workflow} ${period.from}`);
    };
    expect(await late(6)).toEqual([]);
    await runtime.ledger.recordPeriods([builtDay('2026-03-07'), builtDay('2026-03-08', { workflow: 'gold-daily' })]);
    expect(await late(6)).toEqual(['silver-daily 2026-03-08', 'silver-daily 2026-03-09', 'gold-daily 2026-03-09']);
    // The ninth ended six hours ago.
    expect(await late(7)).toEqual(['silver-daily 2026-03-08']);
  } finally {
    await lake.close();
  }
});
