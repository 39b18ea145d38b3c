import { statSync } from 'node:fs';
import { join } from 'node:path';
import { chatPipeline } from '../../core/chat/pipeline.ts';
import { bronzeChatEvents, bronzeToolCalls, chatTables, silverMessages } from '../../core/chat/tables.ts';
import { addDays } from '../../core/window.ts';
import { scheduledRuns } from '../../local/demo/scheduled-runs.ts';
import { submit } from '../dsr/erasing-lake.ts';
import { openLake } from '../local/embedded-lake.ts';
import { diff } from '../oracle/compare.ts';
import { oracle } from '../oracle/oracle.ts';

const first = '2025-01-01';
/** Fewer to look at something; the sizes then say little. */
const length = Number(process.env.LETHE_SIMULATED_DAYS ?? 400);
const days = Array.from({ length }, (_, at) => addDays(first, at));
const last = days.at(-1) ?? first;

/** Mornings on which nothing runs; the days are then caught up with. */
const outages = [
  { from: '2025-02-12', mornings: 1 },
  { from: '2025-03-31', mornings: 3 },
  { from: '2025-07-05', mornings: 2 },
  { from: '2025-12-30', mornings: 3 },
];
const isDown = (date: string) => outages.some(({ from, mornings }) => date >= from && date < addDays(from, mornings));
/** A record that comes late around an outage may miss its look-back, and then rightly counts nowhere. */
const isCalm = (date: string) => [-3, -2, -1, 0, 1, 2, 3].every((by) => !isDown(addDays(date, by)));

/** People who are active for a few days and ask to be forgotten once everything made from those days is final. */
const leavers = [
  { user: 'leaver-1', from: '2025-01-10', to: '2025-01-14', asks: '2025-02-08' },
  { user: 'leaver-2', from: '2025-04-03', to: '2025-04-06', asks: '2025-05-08' },
  { user: 'leaver-3', from: '2025-09-02', to: '2025-09-05', asks: '2025-10-09' },
];

let state = 7;
/** The same numbers in every run. */
function random(below: number): number {
  state = (state * 1_103_515_245 + 12_345) % 2_147_483_648;
  return Math.floor((state / 2_147_483_648) * below);
}
const pick = <T>(values: readonly T[]): T | undefined => values[random(values.length)];

interface Delivery {
  readonly chat: string[];
  readonly tool: string[];
}

/** What arrives until the morning after each day: its own records, a few repeats, and a few of the day before. */
function deliveries(): Map<string, Delivery> {
  const arriving = new Map(days.map((day): [string, Delivery] => [day, { chat: [], tool: [] }]));
  let ids = 0;
  for (const day of days) {
    const leaving = leavers.filter(({ from, to }) => day >= from && day <= to).map(({ user }) => user);
    const users = [...Array.from({ length: 6 + random(8) }, () => `u${random(25)}`), ...leaving];
    for (const user_id of users) {
      ids += 1;
      const second = random(86_400);
      const timestamp = new Date(Date.parse(day) + second * 1000).toISOString();
      const chat = JSON.stringify({
        chat_id: `c${ids}`,
        user_id,
        room_id: `r${random(9)}`,
        timestamp,
        platform: pick(['web', 'ios', undefined]),
        country: pick(['KR', 'US', 'DE', undefined]),
        model: pick(['large', 'small']),
        prompt_tokens: random(900),
        completion_tokens: random(900),
        total_cost: (random(200) / 100).toFixed(2),
      });
      const late = random(12) === 0 && isCalm(day) && day < last && !leaving.includes(user_id);
      arriving.get(late ? addDays(day, 1) : day)?.chat.push(chat);
      if (random(10) === 0) arriving.get(day)?.chat.push(chat);
      if (random(2) === 0) {
        const call = {
          reasoning_steps_id: `t${ids}`,
          chat_id: `c${ids}`,
          user_id,
          tool_type: pick(['search', 'code']),
        };
        // Some a little after midnight.
        const at = new Date(Math.min(Date.parse(timestamp) + random(40_000_000), Date.parse(last) + 86_399_000));
        const of = at.toISOString().slice(0, 10);
        arriving.get(of)?.tool.push(JSON.stringify({ ...call, timestamp: at.toISOString() }));
      }
    }
  }
  return arriving;
}

test('after 400 days with outages, late records and erasures every gold row is right, and nothing has grown', async () => {
  const arriving = deliveries();
  const settings = { minimumUsersPerCell: 2, weekStart: 'monday' as const };
  const lake = await openLake(settings, { at: new Date(`${first}T00:00:00Z`) });
  let erasing = 0;
  try {
    for (const day of days) {
      const morning = addDays(day, 1);
      const { chat, tool } = arriving.get(day) ?? { chat: [], tool: [] };
      lake.at = new Date(`${day}T23:59:59Z`);
      await lake.ingest('chat', chat);
      if (tool.length > 0) await lake.ingest('tool', tool);
      if (isDown(morning)) continue;
      for (const { workflow, at } of scheduledRuns(chatPipeline, morning, lake.session.settings)) {
        lake.at = at;
        await lake.session.run(workflow, { mode: 'scheduled' });
      }
      lake.at = new Date(`${morning}T07:00:00Z`);
      const asking = leavers.filter(({ asks }) => asks === morning).map(({ user }) => user);
      if (asking.length > 0) await submit(lake, ...asking);
      // A batch needs a day until its files may go, and is looked at again when Kafka has forgotten too.
      erasing = asking.length > 0 ? 12 : erasing - 1;
      if (erasing > 0) await lake.session.run('dsr', { mode: 'scheduled' });
      if (erasing === 1) {
        const people = (await lake.rows(silverMessages)).map(({ user_id }) => String(user_id));
        expect(people.filter((person) => person.startsWith('leaver'))).toEqual([]);
      }
    }
    const all = [...arriving.values()];
    const tables = await lake.tables();
    const expected = oracle({
      chat: all.flatMap(({ chat }) => chat),
      tool: all.flatMap(({ tool }) => tool),
      settings,
      silverDays: { from: first, to: last },
      goldFrom: first,
      goldThrough: last,
      arrival: new Date(`${addDays(last, 1)}T00:00:00Z`),
    }).tables;
    const wrong = chatTables
      .filter(({ layer }) => layer === 'gold')
      .flatMap(({ name, grain }) => {
        const rows = expected[name];
        return rows === undefined ? [] : diff(rows, tables[name] ?? [], grain).map((line) => `${name}: ${line}`);
      });
    expect(wrong).toEqual([]);

    const oldest = addDays(last, 1 - lake.session.settings.retentionDays);
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
