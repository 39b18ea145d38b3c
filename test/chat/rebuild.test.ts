import { chatTables, silverToolCalls } from '../../core/chat/tables.ts';
import { periodsTouching } from '../../core/window.ts';
import { type EmbeddedLake, openLake, query } from '../local/embedded-lake.ts';
import { diff } from '../oracle/compare.ts';
import { type OracleInput, oracle } from '../oracle/oracle.ts';
import { seededInput } from '../oracle/random-events.ts';

async function filled(
  input: OracleInput,
  minimumUsersPerCell = input.settings.minimumUsersPerCell,
): Promise<EmbeddedLake> {
  const lake = await openLake({ ...input.settings, minimumUsersPerCell }, { at: input.arrival });
  await lake.ingest('chat', input.chat);
  await lake.ingest('tool', input.tool);
  return lake;
}

async function differences(lake: EmbeddedLake, input: OracleInput): Promise<string[]> {
  const expected = oracle(input).tables;
  const found = await lake.tables();
  return chatTables.flatMap(({ name, grain }) => {
    const rows = expected[name];
    return rows === undefined ? [] : diff(rows, found[name] ?? [], grain).map((line) => `${name}: ${line}`);
  });
}

const input = seededInput(11, { messages: 200, toolCalls: 120 });
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

  test('rows that leave bronze leave silver and gold: a day emptied, a user gone', async () => {
    const lake = await filled(input);
    await lake.session.run('backfill', { from, to });
    const [day = ''] = periodsTouching('day', from, to)
      .map((period) => period.from)
      .slice(3);
    const kept = input.chat.filter((line) => !line.includes('"u2"'));
    await query(lake.session, "delete from bronze_chat_events where user_id = 'u2'");
    await query(lake.session, `delete from bronze_tool_calls where dt = date '${day}'`);
    await lake.session.run('backfill', { from, to });
    const calls = await lake.rows(silverToolCalls);
    expect(calls.filter((row) => row.dt === day)).toEqual([]);
    const found = await lake.tables();
    expect(found.silver_messages?.filter((row) => row.user_id === 'u2')).toEqual([]);
    const expected = oracle({ ...input, chat: kept }).tables;
    for (const name of [
      'silver_user_daily',
      'silver_room_daily',
      'gold_time_series',
      'gold_bucket_distribution',
      'gold_active_user_breakdown',
    ]) {
      const grain = chatTables.find((table) => table.name === name)?.grain ?? [];
      expect(diff(expected[name] ?? [], found[name] ?? [], grain)).toEqual([]);
    }
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
