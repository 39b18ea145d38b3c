import { chatPipeline } from '../../../core/chat/pipeline.ts';
import { sealPeriods } from '../../../core/dsr/seal-periods.ts';
import { findWorkflow } from '../../../core/lake/find.ts';
import { startStatement } from '../../../core/lake/run-statement.ts';
import { takeTurn } from '../../../core/lake/turn.ts';
import { message } from '../../dsr/erasing-lake.ts';
import { openLake } from '../../local/embedded-lake.ts';

test('a run that was planned before an erasure sealed its period builds no more of it, and may say that it is final', async () => {
  const lake = await openLake({}, { at: new Date('2026-03-04T02:00:00Z') });
  const { runtime } = lake.session;
  try {
    await lake.ingest('chat', [message('c1', 'person-4711', '2026-03-03T10:00:00Z')]);
    await lake.session.run('backfill', { from: '2026-03-03', to: '2026-03-03' });
    const names = { pipeline: chatPipeline.name, workflow: 'gold-daily' };
    const window = { grain: 'day', from: '2026-03-03', to: '2026-03-04' } as const;
    const start = (statement: string) => startStatement(runtime, { ...names, run: 'run-1', window, statement });
    await takeTurn(runtime, 'run-1', findWorkflow(runtime, names).workflow);
    expect(await start('chat/gold_time_series')).toEqual({ state: 'succeeded' });
    await sealPeriods(runtime, chatPipeline, ['2026-03-03']);
    await expect(start('chat/gold_tool_call_breakdown')).rejects.toMatchObject({
      name: 'WindowIncomplete',
      message: expect.stringContaining('people have been erased from it since'),
    });
    expect(await start('chat/gold_period_status')).toEqual({ state: 'succeeded' });
  } finally {
    await lake.close();
  }
});
