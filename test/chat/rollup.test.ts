import { chatPipeline } from '../../core/chat/pipeline.ts';
import { lakeParameters } from '../../core/lake/parameters.ts';
import { workflowOf } from '../../core/lake/pipeline.ts';
import { fillIn } from '../../core/sql/statement.ts';
import { openLake, query } from '../local/embedded-lake.ts';

test('a week counts 0, not nothing, where its days or silver alone have a platform, as after an erasure in between', async () => {
  const lake = await openLake();
  try {
    const ask = (sql: string) => query(lake.session, sql);
    // All of web has been erased since its day was built; ios was delivered for a day that was sealed by then.
    await ask(
      "insert into gold_time_series (grain, period_start, platform, messages_cnt, input_tokens, output_tokens, total_tokens, input_tokens_cost, output_tokens_cost, request_cost, total_cost) values ('DAILY', date '2026-03-03', 'web', 4, 5, 7, 12, 0.1, 0.2, 0.3, 0.6)",
    );
    await ask(
      "insert into silver_messages (chat_id, user_id, room_id, dt, platform) values ('c1', 'stayer', 'r1', date '2026-03-04', 'ios')",
    );
    await ask("insert into silver_room_daily (dt, platform, room_id) values (date '2026-03-04', 'ios', 'r1')");
    const workflow = workflowOf(chatPipeline, 'gold-weekly');
    const window = { grain: 'week', from: '2026-03-02', to: '2026-03-09' } as const;
    const context = { workflow, window, settings: lake.session.settings };
    const week = fillIn(
      lake.session.runtime.statement('chat/gold_time_series_rollup'),
      lakeParameters(context, 'date'),
    );
    const rows = new Map((await ask(week)).map((row) => [row.platform, row]));
    const period = { grain: 'WEEKLY', period_start: '2026-03-02' };
    expect([...rows.keys()].sort()).toEqual(['All', 'ios', 'web']);
    expect(rows.get('web')).toEqual({
      ...{ ...period, platform: 'web', active_users: '0', rooms_cnt: '0' },
      ...{ messages_cnt: '4', input_tokens: '5', output_tokens: '7', total_tokens: '12' },
      ...{ input_tokens_cost: '0.100000000', output_tokens_cost: '0.200000000' },
      ...{ request_cost: '0.300000000', total_cost: '0.600000000' },
      ...{ cost_per_user: null, tokens_per_user: null, rooms_per_user: null, messages_per_user: null },
      ...{ messages_per_room: null, tokens_per_message: '3.0' },
    });
    expect(rows.get('ios')).toMatchObject({
      ...{ ...period, active_users: '1', rooms_cnt: '1', rooms_per_user: '1.0' },
      ...{ messages_cnt: '0', input_tokens: '0', output_tokens: '0', total_tokens: '0' },
    });
    const costs = ['input_tokens_cost', 'output_tokens_cost', 'request_cost', 'total_cost'];
    expect(costs.map((cost) => Number(rows.get('ios')?.[cost] ?? Number.NaN))).toEqual([0, 0, 0, 0]);
  } finally {
    await lake.close();
  }
});
