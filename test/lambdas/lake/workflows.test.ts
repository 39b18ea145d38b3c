import { InvalidRequestException } from '@aws-sdk/client-athena';
import { chatTables } from '../../../core/chat/tables.ts';
import { type Script, scriptedLake, taskNames } from './scripted-lake.ts';

const scheduled = { mode: 'scheduled' };
const isStep = (sql: string) => sql.startsWith('merge into "silver_messages"');
const everEntered = new Set<string>();

async function outcomeOf(workflow: string, script: Script, input: unknown = scheduled) {
  const lake = scriptedLake(script);
  const failure = await lake.machines.run(workflow, input).then(
    () => undefined,
    (error: Error) => error,
  );
  for (const state of lake.entered) everEntered.add(state);
  const [run] = await lake.runtime.ledger.latestRuns(1);
  const free = await lake.runtime.ledger.takeTurn('next', ['silver_messages'], lake.now.toISOString(), '9');
  return { lake, failure, run, turnIsFree: free.heldBy === undefined };
}

const startsOf = (lake: ReturnType<typeof scriptedLake>) =>
  [...lake.statements.values()].filter(({ sql }) => isStep(sql));

test('a run validates, counts, builds, checks and records, and gives its turn back', async () => {
  const { lake, failure, run, turnIsFree } = await outcomeOf('silver-daily', {});
  expect(failure).toBeUndefined();
  expect(lake.entered.slice(0, 5)).toEqual([
    'Take the turn',
    'Validate bronze',
    'Count bronze_row_counts',
    'Plan windows',
    'Build silver_messages',
  ]);
  expect(lake.entered.slice(-2)).toEqual(['Record the pass', 'Finish the run']);
  expect(run).toMatchObject({ outcome: 'succeeded' });
  expect(turnIsFree).toBe(true);
});

test('a statement that takes long is waited for and looked at, and started once', async () => {
  const long = Array.from({ length: 20 }, () => 'RUNNING' as const);
  const course = (sql: string) => (isStep(sql) ? (['QUEUED', ...long, 'SUCCEEDED'] as const) : undefined);
  const { lake, failure } = await outcomeOf('silver-daily', { course });
  expect(failure).toBeUndefined();
  expect(lake.entered).toContain('Look at silver_messages');
  expect(startsOf(lake)).toHaveLength(1);
});

test.each([
  ['a commit conflict', ['ICEBERG_COMMIT_ERROR']],
  ['a cancelled statement', ['CANCELLED']],
  ['a conflict of a long statement', [...Array.from({ length: 12 }, () => 'RUNNING' as const), 'ICEBERG_COMMIT_ERROR']],
] as const)('%s is tried again', async (_, first) => {
  const course = (sql: string, before: number) => (isStep(sql) && before === 0 ? first : undefined);
  const { lake, failure, run } = await outcomeOf('silver-daily', { course });
  expect(failure).toBeUndefined();
  expect(startsOf(lake)).toHaveLength(2);
  expect(run).toMatchObject({ outcome: 'succeeded' });
});

test('a conflict that does not end fails the run after six tries', async () => {
  const course = (sql: string) => (isStep(sql) ? (['ICEBERG_COMMIT_ERROR'] as const) : undefined);
  const { lake, failure, turnIsFree } = await outcomeOf('silver-daily', { course });
  expect(failure).toMatchObject({ name: 'StatementFailed', message: expect.stringContaining('6 times') });
  expect(startsOf(lake)).toHaveLength(6);
  expect(turnIsFree).toBe(true);
});

test('a wrong statement fails at once, names itself and its day, and tells nothing of what the engine said', async () => {
  const course = (sql: string) => (isStep(sql) ? (['SYNTAX_ERROR'] as const) : undefined);
  const { lake, failure, run, turnIsFree } = await outcomeOf('silver-daily', { course });
  expect(startsOf(lake)).toHaveLength(1);
  expect(failure).toMatchObject({
    name: 'StatementFailed',
    message: expect.stringMatching(/chat\/silver_messages for 2026-03-09 to 2026-03-10 failed with SYNTAX_ERROR/),
  });
  expect(run).toMatchObject({ outcome: 'failed', failure: failure?.message });
  expect(JSON.stringify([failure?.message, run, lake.calls])).not.toContain('secret-user');
  expect(turnIsFree).toBe(true);
});

test('a statement that Athena does not start, since it cannot read it, fails in the same way and is on record', async () => {
  let refusals = 0;
  const refuse: Script['refuse'] = ({ operation, input }) => {
    if (operation !== 'StartQueryExecution' || !isStep(String(Object(input).QueryString))) return undefined;
    refusals += 1;
    const message = "line 1:8: mismatched input 'secret-user-4711'. Expecting: <query>";
    return new InvalidRequestException({ message, AthenaErrorCode: 'MALFORMED_QUERY', $metadata: {} });
  };
  const { lake, failure, run, turnIsFree } = await outcomeOf('silver-daily', { refuse });
  expect(refusals).toBe(1);
  expect(failure).toMatchObject({
    name: 'StatementFailed',
    message: expect.stringMatching(/chat\/silver_messages for 2026-03-09 to 2026-03-10 failed with SYNTAX_ERROR/),
  });
  expect(run).toMatchObject({ outcome: 'failed', failure: failure?.message });
  const statements = await lake.runtime.ledger.statementsOf(run?.id ?? '');
  expect(statements.find(({ statement }) => statement === 'chat/silver_messages')).toMatchObject({
    id: expect.stringMatching(/^refused-[0-9a-f]{32}$/),
    outcome: 'failed',
    code: 'SYNTAX_ERROR',
    bytesScanned: 0,
  });
  expect(JSON.stringify([failure?.message, run, statements])).not.toContain('secret-user');
  expect(turnIsFree).toBe(true);
});

test('a check that returns rows fails the run', async () => {
  const rows = (sql: string) =>
    sql.includes('merge') || !sql.includes('silver_user_daily') ? undefined : [{ wrong: '3' }];
  const { failure, run } = await outcomeOf('silver-daily', { rows });
  expect(failure).toMatchObject({ name: 'CheckFailed', message: expect.stringContaining('wrong=3') });
  expect(run).toMatchObject({ outcome: 'failed' });
});

test.each([
  ['at once', 'SUCCEEDED'],
  ['after a while', 'RUNNING'],
] as const)(
  'a check against the sources that goes on returning rows, %s, fails the run after three builds',
  async (_, first) => {
    const isCheck = (sql: string) => sql.includes('bronze_ids');
    const rows = (sql: string) => (isCheck(sql) ? [{ bronze_ids: '3', silver_ids: '2' }] : undefined);
    const long = Array.from({ length: 15 }, () => first);
    const course = (sql: string) => (isCheck(sql) ? ([...long, 'SUCCEEDED'] as const) : undefined);
    const { lake, failure, run, turnIsFree } = await outcomeOf('silver-daily', { rows, course });
    expect(failure).toMatchObject({ name: 'CheckFailed', message: expect.stringContaining('silver_ids=2') });
    expect(run).toMatchObject({ outcome: 'failed' });
    expect(startsOf(lake)).toHaveLength(3);
    expect(turnIsFree).toBe(true);
  },
);

test('a state that nobody knows is an error and no endless loop', async () => {
  const course = (sql: string) => (isStep(sql) ? (['LOST'] as const) : undefined);
  const { failure, turnIsFree } = await outcomeOf('silver-daily', { course });
  expect(failure).toBeDefined();
  expect(turnIsFree).toBe(true);
});

test('a statement that never ends is ended with its execution, whose turn lapses so that the next run builds the day', async () => {
  let stands = true;
  const course = (sql: string) => (isStep(sql) && stands ? (['RUNNING'] as const) : undefined);
  const lake = scriptedLake({ course, executionSeconds: 2 });
  await expect(lake.machines.run('silver-daily', scheduled)).rejects.toThrow(/time/i);
  expect(startsOf(lake)).toHaveLength(1);
  const looks = lake.entered.filter((state) => state === 'Look at silver_messages').length;
  expect(looks).toBeGreaterThan(2);
  // Nobody was left to close its record or to give its turn back.
  const [dead] = await lake.runtime.ledger.latestRuns(1);
  expect(dead).not.toHaveProperty('outcome');
  const until = (minutes: number) => new Date(lake.now.getTime() + minutes * 60_000);
  expect(await lake.runtime.ledger.takeTurn('next', ['silver_messages'], until(44).toISOString(), '9')).toEqual({
    heldBy: dead?.id,
  });
  stands = false;
  lake.now = until(46);
  await lake.machines.run('silver-daily', scheduled);
  expect((await lake.runtime.ledger.latestRuns(1))[0]).toMatchObject({ outcome: 'succeeded' });
});

test('an answer that is longer than a state can pass on fails its run, and is not cut', async () => {
  const counts = Array.from({ length: 501 }, (_, n) => ({
    table_name: 'bronze_chat_events',
    period: `day-${n}`,
    record_count: '1',
  }));
  const rows = (sql: string) => (sql.includes('record_count') ? counts : undefined);
  expect((await outcomeOf('silver-daily', { rows })).failure?.message).toContain('more than 500 rows');
});

test('every state machine has an end in time', () => {
  for (const definition of Object.values(scriptedLake().definitions)) {
    expect(JSON.parse(definition)).toHaveProperty('TimeoutSeconds', expect.any(Number));
  }
});

test('throttling is tried again by the state machine', async () => {
  let refusals = 2;
  const refuse: Script['refuse'] = ({ operation }) => {
    if (operation !== 'StartQueryExecution' || refusals === 0) return undefined;
    refusals -= 1;
    return Object.assign(new Error('slow down'), { name: 'TooManyRequestsException' });
  };
  const { failure, run } = await outcomeOf('silver-daily', { refuse });
  expect(failure).toBeUndefined();
  expect(run).toMatchObject({ outcome: 'succeeded' });
});

test('a refusal of AWS fails the run without its text', async () => {
  const refuse: Script['refuse'] = ({ operation }) =>
    operation === 'StartQueryExecution'
      ? Object.assign(new Error('secret-user-4711 may not'), { name: 'AccessDeniedException' })
      : undefined;
  const { failure, run } = await outcomeOf('silver-daily', { refuse });
  expect(failure).toMatchObject({ name: 'AccessDeniedException' });
  expect(JSON.stringify([failure?.message, run])).not.toContain('secret-user');
});

test('a day that the sink has not delivered yet is not built', async () => {
  const rows = (sql: string) =>
    sql.includes('valid-through') ? [{ valid_through: '2026-03-09T23:59:00Z' }] : undefined;
  const { lake, failure } = await outcomeOf('silver-daily', { rows });
  expect(failure).toMatchObject({ name: 'WindowIncomplete' });
  expect(startsOf(lake)).toEqual([]);
});

test('of a schedule that fires twice the second run waits its turn and finds the day taken', async () => {
  const lake = scriptedLake();
  await Promise.all([lake.machines.run('silver-daily', scheduled), lake.machines.run('silver-daily', scheduled)]);
  expect(startsOf(lake)).toHaveLength(1);
  const runs = await lake.runtime.ledger.latestRuns(5);
  expect(runs.map(({ outcome }) => outcome)).toEqual(['succeeded', 'succeeded']);
});

test('every statement of a run is started with a token of its own', async () => {
  const lake = scriptedLake();
  await lake.machines.run('silver-daily', scheduled);
  const tokens = [...lake.statements.values()].map(({ token }) => token);
  expect(new Set(tokens).size).toBe(tokens.length);
});

test('dashboards follow silver, a week and a month follow their days, and maintenance drops what is due', async () => {
  const lake = scriptedLake();
  await lake.machines.run('backfill', { from: '2026-02-01', to: '2026-03-09' });
  for (const workflow of ['gold-daily', 'gold-weekly', 'gold-monthly', 'maintenance']) {
    await lake.machines.run(workflow, scheduled);
  }
  for (const state of lake.entered) everEntered.add(state);
  const runs = await lake.runtime.ledger.latestRuns(50);
  expect(new Set(runs.map(({ outcome }) => outcome))).toEqual(new Set(['succeeded']));
  expect(lake.entered).toContain('Write gold_period_status');
});

test('a table that fails does not keep the others from their care, and its run is told by its name', async () => {
  const limited = chatTables.filter(({ retention }) => retention === 'days').map(({ name }) => name);
  const dropOf = (sql: string) => /^delete from "(\w+)"/.exec(sql)?.slice(1) ?? [];
  const [broken = ''] = limited;
  const lake = scriptedLake({ course: (sql) => (dropOf(sql)[0] === broken ? ['SYNTAX_ERROR'] : undefined) });
  await expect(lake.machines.run('maintenance', scheduled)).rejects.toThrow(`${broken}: maintenance/drop_days`);
  expect([...lake.statements.values()].flatMap(({ sql }) => dropOf(sql))).toEqual(limited);
  const runs = await lake.runtime.ledger.latestRuns(50);
  expect(
    runs
      .filter(({ outcome }) => outcome === 'failed')
      .map(({ workflow }) => workflow)
      .sort(),
  ).toEqual(['maintenance', 'maintenance-table']);
});

test('while a backfill writes, a scheduled run waits', async () => {
  const lake = scriptedLake();
  await Promise.all([
    lake.machines.run('backfill', { from: '2026-03-01', to: '2026-03-09' }),
    lake.machines.run('silver-daily', scheduled),
  ]);
  const runs = await lake.runtime.ledger.latestRuns(50);
  expect(new Set(runs.map(({ outcome }) => outcome))).toEqual(new Set(['succeeded']));
});

test('these tests have entered every task but the looks at statements that are alike', () => {
  const workflows = [
    'silver-daily',
    'gold-daily',
    'gold-weekly',
    'gold-monthly',
    'backfill',
    'maintenance',
    'maintenance-table',
  ];
  const never = [...taskNames(workflows)].filter((name) => !everEntered.has(name) && !name.startsWith('Look at '));
  expect(never).toEqual([]);
});
