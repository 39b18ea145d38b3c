import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { chatPipeline } from '../../core/chat/pipeline.ts';
import { chatTables } from '../../core/chat/tables.ts';
import { queryText } from '../../core/lake/statement-text.ts';
import { defaultSettings } from '../../core/settings.ts';
import { windowAt } from '../../core/window.ts';
import { DuckDbEngine } from '../../local/athena/duckdb-engine.ts';
import { statementsBelow } from '../../local/statements.ts';
import { openLake } from '../local/embedded-lake.ts';

const days = { from: '2026-03-02', to: '2026-03-08' };
const statement = statementsBelow(join(import.meta.dirname, '..', '..', 'sql'));

/** A few people on two platforms in four rooms, each day of a week; half of the messages call a tool. */
function records(): { chat: string[]; tool: string[] } {
  const chat: string[] = [];
  const tool: string[] = [];
  for (let n = 0; n < 70; n++) {
    const day = `2026-03-0${2 + (n % 7)}`;
    const common = {
      chat_id: `chat-${n}`,
      user_id: `user-${n % 6}`,
      timestamp: `${day}T10:00:${String(n % 60).padStart(2, '0')}Z`,
    };
    const [prompt_tokens, platform] = [100 + n, n % 3 === 0 ? 'ios' : 'web'];
    const more = { room_id: `room-${n % 4}`, model: `model-${n % 2}`, platform, country: 'KR' };
    chat.push(JSON.stringify({ ...common, ...more, prompt_tokens, completion_tokens: 7, request_cost: 0.01 }));
    if (n % 2 === 0) tool.push(JSON.stringify({ ...common, reasoning_steps_id: `step-${n}`, tool_type: 'search' }));
  }
  return { chat, tool };
}

/** One row of a table, in a dialect that has no LIMIT for changes. */
const oneOf = (table: string, where = 'true') => `rowid = (select min(rowid) from ${table} where ${where})`;
const change = (table: string, assignment: string, where?: string) =>
  `update ${table} set ${assignment} where ${oneOf(table, where)}`;
const remove = (table: string, where?: string) => `delete from ${table} where ${oneOf(table, where)}`;
const repeat = (table: string) => `insert into ${table} select * from ${table} where ${oneOf(table)}`;

const daily = "grain = 'DAILY'";
const weekly = "grain = 'WEEKLY'";
const all = "platform = 'All'";
const one = "platform = 'web'";
const cent = '0.000000001';

/** What goes wrong, by the check that has to see it. */
const faults: Record<string, readonly string[]> = {
  'silver-daily silver_matches_bronze': [
    remove('silver_messages'),
    repeat('silver_messages'),
    change('silver_messages', 'prompt_tokens = prompt_tokens + 1'),
    remove('silver_tool_calls'),
    repeat('silver_tool_calls'),
    remove('bronze_tool_calls'),
    'delete from silver_messages',
  ],
  'silver-daily silver_days_match_messages': [
    ...[
      'messages_cnt = messages_cnt + 1',
      'total_tokens = total_tokens + 1',
      `total_cost = total_cost + ${cent}`,
    ].flatMap((wrong) => [change('silver_user_daily', wrong), change('silver_room_daily', wrong)]),
    change('silver_user_daily', "user_id = 'user-0'", "user_id <> 'user-0'"),
    repeat('silver_user_daily'),
    remove('silver_user_daily'),
    remove('silver_room_daily'),
    'delete from silver_user_daily',
    'delete from silver_room_daily',
    change('silver_tool_daily', 'calls_cnt = calls_cnt + 1'),
    remove('silver_tool_daily'),
    change('silver_active_user_breakdown_daily', 'active_users = active_users + 1', "dimension = 'PLATFORM'"),
    remove('silver_active_user_breakdown_daily', "dimension = 'PLATFORM'"),
  ],
  'gold-daily gold_days_match_silver': [
    ...['active_users = active_users + 1', 'rooms_cnt = rooms_cnt + 1', 'total_tokens = total_tokens + 1'].map(
      (wrong) => change('gold_time_series', wrong, `${daily} and ${all}`),
    ),
    change('gold_time_series', 'messages_cnt = messages_cnt + 1', `${daily} and ${one}`),
    change('gold_time_series', `total_cost = total_cost + ${cent}`, `${daily} and ${one}`),
    remove('gold_time_series', `${daily} and ${all}`),
    remove('gold_time_series', `${daily} and ${one}`),
    change('gold_tool_call_breakdown', 'calls_cnt = calls_cnt + 1', `${daily} and ${all}`),
    change('gold_tool_call_breakdown', 'calls_cnt = calls_cnt + 1', `${daily} and ${one}`),
    change('gold_model_breakdown', 'messages_cnt = messages_cnt + 1', daily),
    change('gold_model_breakdown', 'input_tokens = input_tokens + 1', daily),
    change('gold_model_breakdown', `total_cost = total_cost + ${cent}`, daily),
    remove('gold_model_breakdown', daily),
  ],
  'gold-daily gold_buckets_add_up': [
    ...['USER', 'ROOM'].map((entity) =>
      change('gold_bucket_distribution', 'entity_cnt = entity_cnt + 1', `${daily} and entity = '${entity}'`),
    ),
    change('gold_bucket_distribution', 'entity_cnt = entity_cnt + 99', `${daily} and entity = 'MESSAGE'`),
    remove('gold_bucket_distribution', daily),
    `delete from gold_bucket_distribution where ${daily} and ${one}`,
  ],
  'gold-daily gold_has_no_identifier': [
    change('gold_active_user_breakdown', "dimension_value = 'user-1', active_users = 1", daily),
    change('gold_active_user_breakdown', "dimension_value = 'room-1', active_users = 1", daily),
    change('gold_tool_call_breakdown', "tool_type = 'user-1', users_cnt = 1", daily),
    change('gold_time_series', "platform = 'room-1', active_users = 1", daily),
    change('gold_model_breakdown', "model = 'user-1', messages_cnt = 1", `${daily} and ${all}`),
  ],
  'gold-weekly gold_rollups_match_days': [
    ...[
      'messages_cnt = messages_cnt + 1',
      'total_tokens = total_tokens + 1',
      `total_cost = total_cost + ${cent}`,
    ].flatMap((wrong) => [
      change('gold_time_series', wrong, `${weekly} and ${all}`),
      change('gold_model_breakdown', wrong, `${weekly} and ${all}`),
    ]),
    change('gold_time_series', 'active_users = active_users + 1', `${weekly} and ${all}`),
    change('gold_time_series', 'rooms_cnt = rooms_cnt + 1', `${weekly} and ${all}`),
    change('gold_time_series', 'active_users = active_users + 1', `${weekly} and ${one}`),
    remove('gold_time_series', `${weekly} and ${one}`),
    remove('gold_time_series', `${weekly} and ${all}`),
    change('gold_tool_call_breakdown', 'calls_cnt = calls_cnt + 1', weekly),
    `delete from gold_tool_call_breakdown where ${weekly}`,
    change('gold_bucket_distribution', 'entity_cnt = entity_cnt + 1', `${weekly} and ${all} and entity = 'MESSAGE'`),
    change('gold_bucket_distribution', 'entity_cnt = entity_cnt + 1', `${weekly} and ${one} and entity = 'MESSAGE'`),
    `delete from gold_bucket_distribution where ${weekly} and ${all} and entity = 'MESSAGE'`,
    remove('gold_model_breakdown', `${weekly} and ${all}`),
  ],
};

const checks = chatPipeline.workflows.flatMap((workflow) =>
  workflow.checks.map((check) => ({ workflow, check, name: `${workflow.name} ${check.statement.split('/').at(-1)}` })),
);

describe('a check of what was built', () => {
  let home: string;
  let engine: DuckDbEngine;
  let connection: Awaited<ReturnType<DuckDbEngine['connect']>>;
  beforeAll(async () => {
    const lake = await openLake({ minimumUsersPerCell: 1 }, { at: new Date('2026-03-10T06:00:00Z') });
    const { chat, tool } = records();
    await lake.ingest('chat', chat);
    await lake.ingest('tool', tool);
    await lake.session.run('backfill', days);
    await lake.session.close();
    home = lake.home;
    engine = await DuckDbEngine.open({ directory: home, database: defaultSettings.database, tables: chatTables });
    connection = await engine.connect();
  }, 60_000);
  afterAll(async () => {
    connection.disconnectSync();
    await engine.close();
    rmSync(home, { recursive: true, force: true });
  });

  /** Rows of a check of the week, after a change that is then undone. */
  async function findings(name: string, wrong?: string): Promise<number> {
    const found = checks.find((one) => one.name === name);
    if (found === undefined) throw new Error(`there is no check ${name}`);
    const { workflow, check } = found;
    const window = { ...windowAt('week', days.from), grain: workflow.grain };
    const text = queryText(chatPipeline, statement(check.statement), { workflow, settings: defaultSettings, window });
    await connection.run('begin');
    try {
      if (wrong !== undefined) expect((await connection.run(wrong)).rowsChanged).toBeGreaterThan(0);
      return (await connection.runAndReadAll(text)).currentRowCount;
    } finally {
      await connection.run('rollback');
    }
  }

  test.each(checks.filter(({ workflow }) => workflow.grain !== 'month'))(
    '$name finds nothing where all is right',
    async ({ name }) => {
      expect(await findings(name)).toBe(0);
    },
  );

  test.each(Object.entries(faults).flatMap(([name, wrong]) => wrong.map((sql) => [name, sql] as const)))(
    '%s finds %s',
    async (name, wrong) => {
      expect(await findings(name, wrong)).toBeGreaterThan(0);
    },
  );

  test('has a fault that it finds', () => {
    const statements = new Set(checks.map(({ check }) => check.statement.split('/').at(-1)));
    expect(new Set(Object.keys(faults).map((name) => name.split(' ').at(-1)))).toEqual(statements);
  });
});
