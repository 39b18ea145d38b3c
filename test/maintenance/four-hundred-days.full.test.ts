import { statSync } from 'node:fs';
import { join } from 'node:path';
import { bronzeChatEvents, bronzeToolCalls, chatTables, silverMessages } from '../../core/chat/tables.ts';
import { addDays } from '../../core/window.ts';
import { submit } from '../dsr/erasing-lake.ts';
import { openLake } from '../local/embedded-lake.ts';
import { deliveries, expectedTables, lastOf, letDaysPass, type SimulatedDays, wrongGold } from './simulated-days.ts';

const plan: SimulatedDays = {
  first: '2025-01-01',
  /** Fewer to look at something; the sizes then say little. */
  length: Number(process.env.LETHE_SIMULATED_DAYS ?? 400),
  crowd: { fewest: 6, more: 8, people: 25, rooms: 9 },
  outages: [
    { from: '2025-02-12', mornings: 1 },
    { from: '2025-03-31', mornings: 3 },
    { from: '2025-07-05', mornings: 2 },
    { from: '2025-12-30', mornings: 3 },
  ],
  leavers: [
    { user: 'leaver-1', from: '2025-01-10', to: '2025-01-14', asks: '2025-02-08' },
    { user: 'leaver-2', from: '2025-04-03', to: '2025-04-06', asks: '2025-05-08' },
    { user: 'leaver-3', from: '2025-09-02', to: '2025-09-05', asks: '2025-10-09' },
  ],
  // A batch needs a day until its files may go, and is looked at again when Kafka has forgotten too.
  erasureTicks: 12,
};
const last = lastOf(plan);

test('after 400 days with outages, late records and erasures every gold row is right, and nothing has grown', async () => {
  const arriving = deliveries(plan);
  const chosen = { minimumUsersPerCell: 2, weekStart: 'monday' as const };
  const lake = await openLake(chosen, { at: new Date(`${plan.first}T00:00:00Z`) });
  const { settings } = lake.session;
  try {
    await letDaysPass(plan, arriving, {
      settings,
      setTime: (at) => {
        lake.at = at;
      },
      ingest: async ({ chat, tool }) => {
        await lake.ingest('chat', chat);
        if (tool.length > 0) await lake.ingest('tool', tool);
      },
      run: (workflow) => lake.session.run(workflow, { mode: 'scheduled' }),
      submit: async (people) => {
        await submit(lake, ...people);
      },
      erased: async () => {
        const people = (await lake.rows(silverMessages)).map(({ user_id }) => String(user_id));
        expect(people.filter((person) => person.startsWith('leaver'))).toEqual([]);
      },
    });
    const tables = await lake.tables();
    expect(wrongGold(expectedTables(plan, arriving, settings), tables)).toEqual([]);

    const oldest = addDays(last, 1 - settings.retentionDays);
    for (const { name, layer } of chatTables.filter(({ retention }) => retention === 'days')) {
      const dates = (tables[name] ?? []).map(({ dt }) => String(dt)).sort();

      expect([name, (dates[0] ?? oldest) >= oldest]).toEqual([name, true]);
      if (layer === 'bronze') continue;
      expect(dates.at(-1)).toBe(last);
    }
    expect((tables[bronzeChatEvents.name] ?? []).length).toBeLessThan(45 * 20);
    expect((tables[bronzeToolCalls.name] ?? []).length).toBeLessThan(45 * 20);
    // 75 days came to 5.5 MB. Gold alone grows, by some hundred short rows a day.
    expect(statSync(join(lake.home, 'lake.duckdb')).size).toBeLessThan(64_000_000);

    const { ledger } = lake.session.runtime;
    const failed = (await ledger.latestRuns(10_000)).filter(({ outcome }) => outcome !== 'succeeded');
    expect(failed.map(({ id, failure }) => `${id} ${failure}`)).toEqual([]);
  } finally {
    await lake.close();
  }
}, 1_800_000);
