import { goldDataQuality } from '../../core/chat/tables.ts';
import { addDays } from '../../core/window.ts';
import { type EmbeddedLake, openLake } from '../local/embedded-lake.ts';

const first = '2026-02-02';
const strange = addDays(first, 28);
let ids = 0;
const message = (day: string, more: object = {}) => {
  ids += 1;
  const who = { chat_id: `c${ids}`, user_id: `u${ids % 5}`, room_id: 'r', platform: 'web', country: 'KR', model: 'm' };
  const how = { si_version: '1', device: 'phone', res_status: 'ok', res_type: 'text' };
  return JSON.stringify({
    ...who,
    ...how,
    timestamp: `${day}T22:00:00Z`,
    total_tokens: 1000,
    total_cost: '0.01',
    ...more,
  });
};
/** Ten messages on a day of the week, five at the weekend: the same weekday is what counts. */
const usual = (day: string) => {
  const weekday = new Date(`${day}T00:00:00Z`).getUTCDay();
  return Array.from({ length: weekday % 6 === 0 ? 5 : 10 }, () => message(day));
};

describe('the data of a day beside that of the days before', () => {
  let lake: EmbeddedLake;
  const found = async (day: string) =>
    (await lake.rows(goldDataQuality))
      .filter(({ dt, severity }) => dt === day && severity !== 'ok')
      .map(
        (row) =>
          `${row.severity}: ${row.check_name} ${row.subject} ${row.dimension_value} ${row.value} ${row.expected}`,
      )
      .sort();

  beforeAll(async () => {
    lake = await openLake({ minimumUsersPerCell: 1 }, { at: new Date(`${strange}T02:00:00Z`) });
    const days = Array.from({ length: 28 }, (_, at) => addDays(first, at));
    await lake.ingest('chat', days.flatMap(usual));
    await lake.session.run('backfill', { from: first, to: addDays(strange, -1) });
  });
  afterAll(() => lake.close());

  const build = async (day: string, chat: string[]) => {
    lake.at = new Date(`${day}T23:00:00Z`);
    await lake.ingest('chat', chat);
    lake.at = new Date(`${addDays(day, 1)}T02:00:00Z`);
    await lake.session.run('silver-daily', { mode: 'scheduled' });
    await lake.session.run('gold-daily', { mode: 'scheduled' });
  };

  test('a day as every other is worth no look, at the weekend either', async () => {
    expect(await found(addDays(strange, -1))).toEqual([]);
    const all = (await lake.rows(goldDataQuality)).filter(({ check_name }) => check_name === 'volume');
    expect(all.find(({ dt, subject }) => dt === '2026-03-01' && subject === 'silver_messages')).toMatchObject({
      value: 5,
      expected: 5,
      severity: 'ok',
    });
  });

  test('each thing that is unlike the days before is found, with what is usual', async () => {
    const odd = message(strange, {
      country: 'NZ',
      platform: undefined,
      model: null,
      timestamp: `${strange}T09:00:00Z`,
    });
    await build(strange, [
      ...Array.from({ length: 12 }, () => odd),
      message(strange, { total_cost: '0.05', timestamp: `${strange}T10:00:00Z`, country: undefined }),
      '{"chat_id":',
    ]);
    expect(await found(strange)).toEqual([
      'warning: cost per 1,000 tokens gold_time_series  0.03 0.01',
      'warning: duplicates bronze_chat_events  0.8461538461538461 null',
      'warning: freshness silver_messages  13 null',
      'warning: new value COUNTRY NZ 1 null',
      'warning: new value COUNTRY Unknown 1 null',
      'warning: new value PLATFORM Unknown 1 null',
      'warning: rejected share bronze_rejected_records  0.07142857142857142 null',
      'warning: unknown share gold_active_user_breakdown COUNTRY 0.5 null',
      'warning: unknown share gold_active_user_breakdown MODEL 0.5 null',
      'warning: unknown share gold_active_user_breakdown PLATFORM 0.5 null',
      'warning: unknown share gold_active_user_breakdown REGION 0.5 null',
      'warning: volume silver_messages  2 10',
    ]);
  });

  test('a day without records is a failure, and records that come late are seen as late', async () => {
    const empty = addDays(strange, 1);
    await build(empty, []);
    expect(await found(empty)).toEqual(['failure: volume silver_messages  0 10']);
    await build(addDays(strange, 2), usual(empty));
    const [late] = (await lake.rows(goldDataQuality)).filter(
      ({ dt, check_name }) => dt === empty && check_name === 'late',
    );
    expect(late).toMatchObject({ subject: 'bronze_chat_events', value: 1, severity: 'warning' });
    expect(await found(empty)).toEqual(['warning: late bronze_chat_events  1 null']);
  });
});
