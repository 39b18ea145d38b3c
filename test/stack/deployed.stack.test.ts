import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { GetQueryExecutionCommand, ListQueryExecutionsCommand } from '@aws-sdk/client-athena';
import { DynamoDBClient, ListTablesCommand } from '@aws-sdk/client-dynamodb';
import { ListBucketsCommand } from '@aws-sdk/client-s3';
import { GetScheduleCommand, SchedulerClient, UpdateScheduleCommand } from '@aws-sdk/client-scheduler';
import { icebergProperties } from '../../core/catalogue/iceberg-properties.ts';
import { bronzeChatEvents, bronzeRejectedRecords, bronzeToolCalls, chatTables } from '../../core/chat/tables.ts';
import type { StatementRecord } from '../../core/lake/run-ledger.ts';
import { addDays, dateOf } from '../../core/window.ts';
import { DynamoRunLedger } from '../../lambdas/lake/dynamo-run-ledger.ts';
import { demoDays } from '../../local/demo/generate.ts';
import { s3Client } from '../../stack/stack.ts';
import { type EmbeddedLake, openLake, query } from '../local/embedded-lake.ts';
import { diff } from '../oracle/compare.ts';
import { AppVersions } from './app-versions.ts';
import { DeployedWorkflows } from './deployed-workflows.ts';
import { killFunction } from './kill-function.ts';
import { withoutPolicies } from './role-policies.ts';
import { openSinkLake, type SinkLake } from './sink-lake.ts';
import { stackAddresses } from './stack-addresses.ts';

const name = 'lethe-stack';
const database = 'lethe_stack';

/** Ten days, a whole week and the end of a month among them, so that all three grains are built. */
const days = { first: '2026-01-24', dayBeforeLast: '2026-02-01', last: '2026-02-02' };
const lastDay = { grain: 'day', from: '2026-02-02', to: '2026-02-03' } as const;
const named = (from: string) => ({ mode: 'named', window: { grain: 'day', from, to: addDays(from, 1) } });
/** With tool calls, repeats and broken records 200,000 and more; a day is then far smaller than a real one. */
const messages = Number(process.env.LETHE_STACK_MESSAGES ?? 140_000);

/** Trino reads so much of each file's end before it knows where the columns are; with files of a day's size it does not count. */
const footerBytes = 48 * 1024;
/**
 * All steps of silver and gold together, in readings of the day's bronze. The goal is 3, which does not hold
 * (docs/benchmarks.md): 4.1 on a day of 150,000 messages. Here every file's end counts too, nearly a megabyte a day, and with
 * fewer messages than by default it is more.
 */
const mostReadings = 5;

const app = new AppVersions();
const workflows = new DeployedWorkflows(name);
const dynamo = new DynamoDBClient({});
const records = { chat: [] as string[], tool: [] as string[] };
let lake: SinkLake;
let embedded: EmbeddedLake;
let ledger: DynamoRunLedger;

const yesterday = addDays(dateOf(Date.now()), -1);
const yesterdays = { chat: [] as string[] };

const configuration = { name, database, throwAway: true, schedule: { enabled: false } };

beforeAll(async () => {
  const began = performance.now();
  for (const day of demoDays({ endsOn: days.last, days: 10, messages })) {
    for (const line of day.chat) records.chat.push(line);
    for (const line of day.tool) records.tool.push(line);
  }
  app.configure(configuration);
  await app.synthesize();
  await app.bootstrap();
  await app.deploy();
  report('deployed', performance.now() - began);
  const at = new Date();
  const { TableNames = [] } = await dynamo.send(new ListTablesCommand({}));
  const table = TableNames.find((found) => found.startsWith(name) && found.includes('Runs')) ?? '';
  ledger = new DynamoRunLedger({ client: dynamo, table, now: () => new Date() });
  [lake, embedded] = await Promise.all([
    openSinkLake({ at, database, location: `s3://${await lakeBucketOf(name)}/tables` }),
    openLake({}, { at }),
  ]);
  await Promise.all([lake.send('chat', records.chat), lake.send('tool', records.tool)]);
  await lake.untilStored(records.chat.length + records.tool.length, 240);
  report(`${records.chat.length + records.tool.length} records stored`, performance.now() - began);
  await untilSinkSaysHowFar();
  report('the sink says how far it has come', performance.now() - began);
  await embedded.ingest('chat', records.chat);
  await embedded.ingest('tool', records.tool);
}, 900_000);
afterAll(async () => {
  workflows.close();
  dynamo.destroy();
  app.remove();
  await lake?.close();
  await embedded?.close();
});

describe('a deployment', () => {
  test('makes every table, with the properties that Athena’s DDL refuses', async () => {
    for (const table of chatTables) {
      const rows = await lake.query(`select key, value from "${table.name}$properties"`);
      const properties = Object.fromEntries(rows.map(({ key, value }) => [key, value]));
      expect(properties).toMatchObject(icebergProperties(table));
    }
  });

  test('changes nothing when it is repeated', async () => {
    const said = await app.deploy();
    expect(said.match(/\(no changes\)/g)).toHaveLength(2);
  }, 200_000);
});

test('every accepted record is in bronze, and every rejected one listed, as the embedded run has them', async () => {
  for (const { name: table } of [bronzeChatEvents, bronzeToolCalls]) {
    const sql = `select dt, count(*) as records from ${table} group by 1 order by 1`;
    expect(await lake.query(sql)).toEqual(await query(embedded.session, sql));
  }
  const reasons = `select field, reason, count(*) as records from ${bronzeRejectedRecords.name} group by 1, 2 order by 1, 2`;
  expect(await lake.query(reasons)).toEqual(await query(embedded.session, reasons));
});

describe('the deployed workflows', () => {
  let measured: StatementRecord[];
  let before: Record<string, number>;
  let after: Record<string, number>;

  beforeAll(async () => {
    const began = performance.now();
    await Promise.all([
      workflows.run('backfill', { from: days.first, to: days.dayBeforeLast }),
      embedded.session.run('backfill', { from: days.first, to: days.last }),
    ]);
    report('backfill of nine days', performance.now() - began);
    before = await snapshotCounts();
    for (const workflow of ['silver-daily', 'gold-daily']) await workflows.run(workflow, named(days.last));
    after = await snapshotCounts();
    const runs = await ledger.latestRuns(2);
    measured = (await Promise.all(runs.map(({ id }) => ledger.statementsOf(id)))).flat();
    // Chats of the last day may have changed tool calls of the day before, and so its week and month.
    await workflows.run('backfill', { from: days.last, to: days.last });
    report('built', performance.now() - began);
  }, 900_000);

  test('make of the records what the embedded run makes of them', expectEmbeddedTables, 600_000);

  test('read a day’s part of bronze once, and all tables together a bounded number of times that', async () => {
    const filesOf = async (table: string) => {
      const sql = `select sum(file_size_in_bytes) as bytes, count(*) as files from "${table}$files" where file_path like '%dt=${lastDay.from}%'`;
      const [row] = await lake.query(sql);
      return { bytes: Number(row?.bytes), files: Number(row?.files) };
    };
    const chat = await filesOf(bronzeChatEvents.name);
    const all = chat.bytes + (await filesOf(bronzeToolCalls.name)).bytes;
    const isCheck = ({ statement }: StatementRecord) => statement.includes('/checks/');
    const readBy = (statements: readonly StatementRecord[]) =>
      statements.reduce((sum, one) => sum + one.bytesScanned, 0);
    const cleaned = readBy(measured.filter(({ statement }) => statement === 'chat/silver_messages'));
    const built = readBy(measured.filter((one) => !isCheck(one)));
    const checked = readBy(measured.filter(isCheck));
    report(
      `bronze has ${all} bytes of the day, ${chat.bytes} of them chat in ${chat.files} files; read ${cleaned} by silver_messages, ${built} by all steps (${(built / all).toFixed(2)} x), ${checked} by checks`,
    );
    for (const { statement, bytesScanned, millis } of measured) report(`${statement}: ${bytesScanned} bytes`, millis);
    expect(measured.length).toBeGreaterThan(15);
    expect(cleaned).toBeGreaterThan(0);
    expect(cleaned).toBeLessThanOrEqual(1.1 * chat.bytes + chat.files * footerBytes);
    expect(built / all).toBeLessThanOrEqual(mostReadings);
  });

  test('commit once to each table that a day changes', () => {
    for (const { layer, name: table } of chatTables) {
      const commits = (after[table] ?? 0) - (before[table] ?? 0);
      report(`${table}: ${commits} commits`);
      // The tool calls of neighbouring days are a statement of their own.
      expect(commits).toBeLessThanOrEqual(table === 'silver_tool_calls' ? 2 : 1);
      if (layer === 'bronze') expect([table, commits]).toEqual([table, 0]);
    }
  });

  test('make no snapshot of any table when a day is run again', async () => {
    const counts = await snapshotCounts();
    for (const workflow of ['silver-daily', 'gold-daily']) await workflows.run(workflow, named(days.last));
    expect(await snapshotCounts()).toEqual(counts);
  }, 200_000);

  test('end by the name of what went wrong', async () => {
    await expect(workflows.run('gold-daily', named('2026-03-01'))).rejects.toThrow(/WindowIncomplete/);
  }, 60_000);

  test('can do what their roles allow, and nothing else', async () => {
    await withoutPolicies([`${name}-lakehouse`, 'LakeStartStatement'], async () => {
      await expect(workflows.run('silver-daily', named(days.last))).rejects.toThrow(/AccessDenied/);
    });
    await workflows.run('silver-daily', named(days.last));
  }, 120_000);

  test('take late records of three days before in, when a day is started twice at once and a function dies over it', async () => {
    const day = '2026-01-30';
    const late = {
      chat: seconds(300).map((at) => chat(`late-${at}`, day, at)),
      tool: seconds(100).map((at) => call(`late-${at}`, day, at)),
    };
    const stored = records.chat.length + records.tool.length;
    await Promise.all([lake.send('chat', late.chat), lake.send('tool', late.tool)]);
    await lake.untilStored(stored + 400, 120);
    await embedded.ingest('chat', late.chat);
    await embedded.ingest('tool', late.tool);
    const starts = [
      await workflows.start('silver-daily', named(day)),
      await workflows.start('silver-daily', named(day)),
    ];
    const killed = await killFunction(
      stackAddresses().processes['aws-emulator'],
      [`${name}-lakehouse`, 'LakeStartStatement'],
      async () => (await runningStatements()).some((sql) => sql.includes('merge into "silver_messages"')),
    );
    expect(killed).toBeGreaterThan(0);
    const ends = await Promise.allSettled(starts.map((execution) => workflows.end(execution)));
    report(
      `two starts and a dead function: ${ends.map((end) => (end.status === 'rejected' ? end.reason : 'succeeded'))}`,
    );
    await Promise.all([
      workflows.run('backfill', { from: day, to: day }),
      embedded.session.run('backfill', { from: day, to: day }),
    ]);
    await expectEmbeddedTables();
  }, 400_000);
});

test('the next version adds a column to filled tables; by its schedule silver is built, and gold after it', async () => {
  const table = 'silver_room_daily';
  const [filled] = await lake.query(`select count(*) as cells from ${table}`);
  edit('core/chat/tables.ts', /(name: 'silver_room_daily',[\s\S]*?columns: \[[\s\S]*?)(\n {2}\],)/, (_, head, end) => {
    return `${head}\n    { name: 'users_cnt', type: 'bigint', description: 'Users of the day.' },${end}`;
  });
  edit(
    'sql/chat/silver_room_daily.sql',
    /count\(\*\) as messages_cnt,/,
    (count) => `${count}\n  count(distinct user_id) as users_cnt,`,
  );
  // Not today: what it drops would be missed below.
  const never = new Date(Date.now() - 7_200_000).toISOString().slice(11, 16);
  app.configure({ ...configuration, schedule: { at: { maintenance: never } } });
  await app.synthesize();
  await app.deploy();
  expect(await lake.query(`select count(*) as cells, count(users_cnt) as counted from ${table}`)).toEqual([
    { cells: filled?.cells, counted: '0' },
  ]);

  await startSoon('silver-daily');
  const scheduled = { mode: 'scheduled' };
  for (const workflow of ['silver-daily', 'gold-daily']) {
    await until(240, async () =>
      (await workflows.executions(workflow, scheduled)).some((status) => status !== 'RUNNING'),
    );
    expect(await workflows.executions(workflow, scheduled)).toEqual(['SUCCEEDED']);
  }
  const shown = `select messages_cnt, active_users from gold_time_series where grain = 'DAILY' and platform = 'All' and period_start = date '${yesterday}'`;
  expect(await lake.query(shown)).toEqual([{ messages_cnt: String(yesterdays.chat.length), active_users: '7' }]);
  const rooms = `select sum(users_cnt) as users, count(*) as cells from ${table} where dt = date '${yesterday}'`;
  expect(await lake.query(rooms)).toEqual([{ users: '35', cells: '5' }]);
}, 600_000);

/**
 * Sends yesterday's records, slowly and to all partitions, until the sink has written down how far it has come: it does not
 * while one of them is idle.
 */
async function untilSinkSaysHowFar(): Promise<void> {
  const wanted = Date.parse(dateOf(Date.now()));
  const reached = async ({ name: table }: { readonly name: string }) => {
    const through = `max(element_at(summary, 'kafka.connect.valid-through-ts'))`;
    const [row] = await lake.query(`select ${through} as through from "${table}$snapshots"`);
    return Date.parse(row?.through ?? '') > wanted;
  };
  // Once at least: the days before may have told it already, and yesterday has to have records.
  do {
    const from = yesterdays.chat.length;
    const chats = seconds(240).map((at) => chat(`new-${from + at}`, yesterday, from + at));
    const calls = seconds(240).map((at) => call(`new-${from + at}`, yesterday, from + at));
    await Promise.all([lake.send('chat', chats, 20), lake.send('tool', calls, 20)]);
    yesterdays.chat.push(...chats);
    records.chat.push(...chats);
    records.tool.push(...calls);
    await lake.untilStored(records.chat.length + records.tool.length, 60);
  } while (!((await reached(bronzeChatEvents)) && (await reached(bronzeToolCalls))));
}

/** All silver and gold tables; the status of periods tells when each was built. */
async function expectEmbeddedTables(): Promise<void> {
  for (const table of chatTables.filter((one) => one.layer !== 'bronze' && one.name !== 'gold_period_status')) {
    const [found, expected] = await Promise.all([lake.rows(table), embedded.rows(table)]);
    expect([table.name, expected.length > 0]).toEqual([table.name, true]);
    expect([table.name, ...diff(expected, found, table.grain)]).toEqual([table.name]);
  }
}

async function snapshotCounts(): Promise<Record<string, number>> {
  const counted = chatTables.map(async (table): Promise<[string, number]> => {
    const [row] = await lake.query(`select count(*) as snapshots from "${table.name}$snapshots"`);
    return [table.name, Number(row?.snapshots)];
  });
  return Object.fromEntries(await Promise.all(counted));
}

/** Texts of the newest statements that run. */
async function runningStatements(): Promise<string[]> {
  const { QueryExecutionIds = [] } = await lake.athena.send(new ListQueryExecutionsCommand({ MaxResults: 10 }));
  const found = await Promise.all(
    QueryExecutionIds.map((QueryExecutionId) => lake.athena.send(new GetQueryExecutionCommand({ QueryExecutionId }))),
  );
  return found.flatMap(({ QueryExecution }) =>
    QueryExecution?.Status?.State === 'RUNNING' ? [QueryExecution.Query ?? ''] : [],
  );
}

function seconds(count: number): number[] {
  return Array.from({ length: count }, (_, at) => at);
}

const chat = (id: string, day: string, at: number) =>
  JSON.stringify({
    chat_id: id,
    user_id: `late-user-${at % 7}`,
    room_id: `late-room-${at % 5}`,
    timestamp: `${day}T${new Date((at % 1_440) * 60_000).toISOString().slice(11)}`,
    total_tokens: at,
    platform: 'web',
  });

const call = (id: string, day: string, at: number) =>
  JSON.stringify({
    reasoning_steps_id: `step-${id}`,
    chat_id: id,
    user_id: `late-user-${at % 7}`,
    timestamp: `${day}T${new Date((at % 1_440) * 60_000).toISOString().slice(11)}`,
    tool_type: 'search',
  });

/** Changes a file of the app's next version. */
function edit(file: string, what: RegExp, to: (...match: string[]) => string): void {
  const path = join(app.folder, file);
  const before = readFileSync(path, 'utf8');
  const after = before.replace(what, to);
  expect(after).not.toBe(before);
  writeFileSync(path, after);
}

async function until(withinSeconds: number, holds: () => Promise<boolean>): Promise<void> {
  for (const deadline = Date.now() + withinSeconds * 1_000; Date.now() < deadline; await sleep(500)) {
    if (await holds()) return;
  }
  throw new Error(`not within ${withinSeconds} s`);
}

async function lakeBucketOf(environment: string): Promise<string> {
  const s3 = s3Client(stackAddresses().awsUrl);
  try {
    const { Buckets = [] } = await s3.send(new ListBucketsCommand({}));
    const found = Buckets.find((bucket) => bucket.Name?.startsWith(`${environment}-storage-bucketslake`));
    if (found?.Name === undefined) throw new Error(`no lake bucket of ${environment}`);
    return found.Name;
  } finally {
    s3.destroy();
  }
}

/** Moves a deployed schedule to the next minute that is not about to begin. */
async function startSoon(schedule: string): Promise<void> {
  const client = new SchedulerClient({});
  try {
    const { Target, FlexibleTimeWindow, State, GroupName } = await client.send(
      new GetScheduleCommand({ Name: schedule, GroupName: name }),
    );
    expect(State).toBe('ENABLED');
    const at = new Date(Date.now() + 70_000);
    await client.send(
      new UpdateScheduleCommand({
        Name: schedule,
        GroupName,
        Target,
        FlexibleTimeWindow,
        State,
        ScheduleExpression: `cron(${at.getUTCMinutes()} ${at.getUTCHours()} * * ? *)`,
      }),
    );
  } finally {
    client.destroy();
  }
}

/** What the suite measured, for whoever reads its output. */
function report(text: string, millis?: number): void {
  process.stdout.write(`    ${text}${millis === undefined ? '' : ` (${(millis / 1_000).toFixed(1)} s)`}\n`);
}
