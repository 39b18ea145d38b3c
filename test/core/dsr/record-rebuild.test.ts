import { chatPipeline } from '../../../core/chat/pipeline.ts';
import { recordRebuild } from '../../../core/dsr/record-rebuild.ts';
import { workflowOf } from '../../../core/lake/pipeline.ts';
import { builtDay } from '../../ledger/built-day.ts';
import { openLake } from '../../local/embedded-lake.ts';

test('days that an erasure has built again are looked at once more, but for those that late records change no more', async () => {
  const lake = await openLake({ lookbackDays: 4 }, { at: new Date('2026-03-10T02:00:00Z') });
  try {
    const { runtime } = lake.session;
    const days = ['2026-03-05', '2026-03-06', '2026-03-07', '2026-03-08', '2026-03-09'];
    // The fifth ended four days ago: whatever its record says, it is final by now.
    await runtime.ledger.recordPeriods([
      ...days.map((day) => builtDay(day, day === '2026-03-06' ? { state: 'dropped' } : {})),
      builtDay('2026-03-08', { workflow: 'gold-daily', state: 'final', sealed: true }),
    ]);
    const silver = workflowOf(chatPipeline, 'silver-daily');
    const window = { grain: 'day', from: '2026-03-05', to: '2026-03-09' } as const;
    await recordRebuild(runtime, chatPipeline, silver, window);
    const counted = { bronze_chat_events: '12' };
    const inputs = (await runtime.ledger.builtPeriods(silver.name)).map((built) => [built.period.from, built.inputs]);
    expect(Object.fromEntries(inputs)).toEqual({
      '2026-03-05': counted,
      '2026-03-06': counted,
      '2026-03-07': {},
      '2026-03-08': counted,
      '2026-03-09': counted,
    });
  } finally {
    await lake.close();
  }
});
