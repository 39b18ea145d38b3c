import { stateOfLake } from '../../../core/monitoring/report-state.ts';
import { message } from '../../dsr/erasing-lake.ts';
import { openLake, query } from '../../local/embedded-lake.ts';

test('each hour is measured once, though no two reports come after the same time', async () => {
  const lake = await openLake({}, { at: new Date('2026-03-03T09:45:20Z') });
  try {
    const { runtime } = lake.session;
    const run = { id: 'silver-daily-1', workflow: 'silver-daily', startedAt: '2026-03-03T08:00:00.000Z' };
    await runtime.ledger.startRun({ ...run, mode: 'scheduled' });
    const finished = ['09:44:59', '09:45:10', '10:20:00', '10:45:04', '10:45:30'].map((at) => `2026-03-03T${at}.000Z`);
    for (const [n, finishedAt] of finished.entries()) {
      await runtime.ledger.recordStatement({
        run: run.id,
        workflow: run.workflow,
        window: { grain: 'day', from: '2026-03-02', to: '2026-03-03' },
        statement: 'chat/silver_messages',
        id: `statement-${n}`,
        outcome: 'succeeded',
        bytesScanned: 0,
        millis: (n + 1) * 1000,
        finishedAt,
      });
    }
    const seconds: number[] = [];
    for (const at of ['09:45:20', '10:45:02', '11:46:10']) {
      lake.at = new Date(`2026-03-03T${at}Z`);
      const state = await stateOfLake(runtime, { builtWithinHours: 6 });
      seconds.push(...state.flatMap(([name, value]) => (name === 'StatementTime' ? [value] : [])));
    }
    expect(seconds.sort()).toEqual([1, 2, 3, 4, 5]);
  } finally {
    await lake.close();
  }
});

test('the share of rejected records is of all that came yesterday and today, and of nothing when they cannot be counted', async () => {
  const lake = await openLake({}, { at: new Date('2026-03-03T09:45:00Z') });
  try {
    const state = async () => new Map(await stateOfLake(lake.session.runtime, { builtWithinHours: 6 }));
    const days = ['2026-03-01', '2026-03-02', '2026-03-03', '2026-03-03'];
    const records = days.map((day, n) => message(`c${n}`, 'user', `${day}T09:00:00Z`));
    await lake.ingest('chat', [...records, '{}']);
    expect((await state()).get('RejectedShare')).toBe(25);
    lake.at = new Date('2026-03-03T10:45:00Z');
    // A count that fails is no count of nothing: the share would be 0, or 100.
    await query(lake.session, 'drop table bronze_rejected_records');
    const without = await state();
    expect([without.get('RejectedShare'), without.get('StateReports')]).toEqual([undefined, 1]);
  } finally {
    await lake.close();
  }
});
