import { chatTables, silverToolCalls } from '../../core/chat/tables.ts';
import { periodsTouching } from '../../core/window.ts';
import { query } from '../local/embedded-lake.ts';
import { diff } from '../oracle/compare.ts';
import { oracle } from '../oracle/oracle.ts';
import { filled, input } from './filled-lake.ts';

const { from, to } = input.silverDays;

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
