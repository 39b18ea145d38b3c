import { chatPipeline } from '../../../core/chat/pipeline.ts';
import { planFromWorkflows } from '../../../core/lake/plan-from-workflows.ts';
import type { BuiltPeriod } from '../../../core/lake/run-ledger.ts';
import { addDays, windowAt } from '../../../core/window.ts';
import { openLake } from '../../local/embedded-lake.ts';

test('a backfill builds no week of which retention has dropped a day, also where an earlier day was never built', async () => {
  const lake = await openLake({}, { at: new Date('2026-04-20T06:00:00Z') });
  try {
    const { runtime } = lake.session;
    const week = windowAt('week', '2026-03-02');
    const built = (workflow: string, from: string, state: BuiltPeriod['state']): BuiltPeriod => ({
      workflow,
      period: { grain: 'day', from, to: addDays(from, 1) },
      inputs: {},
      builtAt: '2026-03-10T00:00:00.000Z',
      revision: from,
      completeThrough: from,
      state,
    });
    const days = (state: (day: number) => BuiltPeriod['state'] | undefined) =>
      ['silver-daily', 'gold-daily'].flatMap((workflow) =>
        Array.from({ length: 8 }, (_, day) => day).flatMap((day) => {
          const is = state(day);
          return is === undefined ? [] : [built(workflow, addDays('2026-03-01', day), is)];
        }),
      );
    const weekly = chatPipeline.workflows.find(({ name }) => name === 'gold-weekly');
    if (weekly === undefined) throw new Error('chat has no weeks');
    const plan = () => planFromWorkflows(runtime, chatPipeline, weekly, { mode: 'backfill', window: week });
    // The week's first day is missing, and then there is one that was dropped.
    await runtime.ledger.recordPeriods(days((day) => (day === 1 ? undefined : 'final')));
    expect((await plan()).passes).toEqual([week]);
    await runtime.ledger.recordPeriods(days((day) => (day === 2 ? 'dropped' : undefined)));
    expect((await plan()).passes).toEqual([]);
  } finally {
    await lake.close();
  }
});
