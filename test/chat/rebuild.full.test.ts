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
