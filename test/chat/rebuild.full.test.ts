import { goldTimeSeries } from '../../core/chat/tables.ts';
import { periodsTouching } from '../../core/window.ts';
import { openLake } from '../local/embedded-lake.ts';
import { differences, filled, input } from './filled-lake.ts';

const { from, to } = input.silverDays;

describe('what was built follows what it is built from', () => {
  test('days built one by one, in any order, come to the same as all of them together', async () => {
    const lake = await filled(input);
    const days = periodsTouching('day', from, to).map((day) => day.from);
    // The last day first, then every other one, then the rest: neighbours arrive on either side of what is there.
    for (const day of [
      to,
      ...days.filter((_, index) => index % 2 === 0),
      ...days.filter((_, index) => index % 2 === 1),
    ]) {
      await lake.session.run('backfill', { from: day, to: day });
    }
    expect(await differences(lake, input)).toEqual([]);
    await lake.close();
  }, 60_000);

  test('one day built again takes its week and its month with it, though they end after it', async () => {
    const lake = await openLake({ minimumUsersPerCell: 1 }, { at: new Date('2026-03-01T12:00:00Z') });
    const sent = (id: string, day: string) =>
      JSON.stringify({ chat_id: id, user_id: 'u', room_id: 'r', timestamp: `${day}T10:00:00Z`, platform: 'web' });
    const messages = async (grain: string) => {
      const rows = await lake.rows(goldTimeSeries);
      const own = rows.filter((row) => row.platform === 'All' && row.grain === grain);
      return own.map((row) => Number(row.messages_cnt)).reduce((sum, count) => sum + count, 0);
    };
    await lake.ingest('chat', [sent('a', '2026-02-02'), sent('b', '2026-02-11'), sent('c', '2026-02-28')]);
    await lake.session.run('backfill', { from: '2026-02-01', to: '2026-02-28' });
    await lake.ingest('chat', [sent('d', '2026-02-10')]);
    await lake.session.run('backfill', { from: '2026-02-10', to: '2026-02-10' });
    expect(await Promise.all(['DAILY', 'WEEKLY', 'MONTHLY'].map(messages))).toEqual([4, 3, 4]);
    await lake.close();
  }, 60_000);

  test('cells that a raised threshold makes too small leave the breakdown', async () => {
    const lake = await filled(input, 1);
    await lake.session.run('backfill', { from, to });
    const all = (await lake.tables()).gold_active_user_breakdown?.length ?? 0;
    await lake.session.close();
    const stricter = { ...input, settings: { ...input.settings, minimumUsersPerCell: 4 } };
    const again = await openLake(stricter.settings, { home: lake.home, at: input.arrival });
    await again.session.run('backfill', { from, to });
    expect((await again.tables()).gold_active_user_breakdown?.length).toBeLessThan(all);
    expect(await differences(again, stricter)).toEqual([]);
    await again.close();
  }, 60_000);
});
