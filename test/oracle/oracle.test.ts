import fc from 'fast-check';
import { chatTables } from '../../core/chat/tables.ts';
import { chatCases, differences } from './chat-cases.ts';
import { canonical, diff } from './compare.ts';
import { type OracleInput, oracle } from './oracle.ts';
import { adversarialInput, redelivered, seededInput } from './random-events.ts';

test.each(chatCases().map((chatCase) => [chatCase.name, chatCase] as const))('the oracle solves %s', (_, chatCase) => {
  const { tables, rejected } = oracle(chatCase.input);
  expect(differences(chatCase, tables)).toEqual([]);
  expect(rejected).toEqual([]);
});

test('every row has the columns of its table, in canonical form, and a grain of its own', () => {
  const { tables } = oracle(seededInput(1, { messages: 300, toolCalls: 100 }));
  for (const [name, rows] of Object.entries(tables)) {
    const table = chatTables.find((candidate) => candidate.name === name) ?? fail(name);
    expect(rows.length).toBeGreaterThan(0);
    expect(Object.keys(rows[0] ?? {}).toSorted()).toEqual(table.columns.map((column) => column.name).toSorted());
    expect(canonical(table, rows)).toEqual(rows);
    expect(diff(rows, rows, table.grain)).toEqual([]);
  }
});

test('neither the order of records nor their repeats change a table', () => {
  const pair = adversarialInput().chain((input) => fc.tuple(fc.constant(input), redelivered(input)));
  fc.assert(
    fc.property(pair, ([input, again]) => {
      expect(allDifferences(again, input)).toEqual([]);
    }),
    { numRuns: 20 },
  );
});

test('the figures of All hold together with those of the platforms', () => {
  fc.assert(
    fc.property(adversarialInput(), (input) => {
      const { gold_time_series: series = [], gold_bucket_distribution: buckets = [] } = oracle(input).tables;
      for (const all of series.filter((row) => row.platform === 'All')) {
        const isPart = (row: (typeof series)[number]) =>
          row.grain === all.grain && row.period_start === all.period_start;
        const parts = series.filter((row) => isPart(row) && row.platform !== 'All');
        expect(parts.map((row) => Number(row.messages_cnt)).reduce((a, b) => a + b, 0)).toBe(Number(all.messages_cnt));
        expect(Math.max(...parts.map((row) => Number(row.active_users)))).toBeLessThanOrEqual(Number(all.active_users));
        const users = buckets.filter((row) => isPart(row) && row.platform === 'All' && row.metric_name === 'COST');
        expect(users.map((row) => Number(row.entity_cnt)).reduce((a, b) => a + b, 0)).toBe(Number(all.active_users));
      }
    }),
    { numRuns: 30 },
  );
});

test('a record is rejected for its first wrong field, and the records around it are taken', () => {
  const good = { chat_id: 'c1', user_id: 'u1', room_id: 'r1', timestamp: '2026-03-04T10:00:00Z' };
  const wrong: [string | null, object | string][] = [
    [null, '[1]'],
    [null, '{"chat_id":'],
    [null, 'null'],
    ['user_id', { ...good, user_id: '' }],
    ['room_id', { ...good, room_id: 4 }],
    ['timestamp', { ...good, timestamp: 1772618400 }],
    ['timestamp', { ...good, timestamp: '2026-03-04T10:00:00' }],
    ['timestamp', { ...good, timestamp: '2026-03-07T12:00:01Z' }],
    ['dt', { ...good, dt: '2026-03-06' }],
    ['dt', { ...good, dt: '2026-02-29' }],
    ['prompt_tokens', { ...good, prompt_tokens: '9223372036854775808' }],
    ['total_tokens', { ...good, total_tokens: 1.5 }],
    ['total_cost', { ...good, total_cost: '999999999.9999999995' }],
    ['country', { ...good, country: true }],
  ];
  const lines = wrong.map(([, line]) => (typeof line === 'string' ? line : JSON.stringify(line)));
  const around = { ...good, timestamp: '2026-03-07T12:00:00Z', total_cost: '999999999.9999999994', thought: 1 };
  const result = oracle({ ...input, chat: [JSON.stringify(good), ...lines, '', JSON.stringify(around)] });
  expect(result.accepted.chat).toBe(2);
  expect(result.rejected.map(({ line, field }) => [line, field])).toEqual(wrong.map(([field], i) => [i + 2, field]));
});

test('differences are told by row and column, at most twenty', () => {
  const rows = Array.from({ length: 50 }, (_, id) => ({ id: BigInt(id), mean: 1 / 3 }));
  expect(
    diff(
      rows,
      rows.map((row) => ({ ...row, mean: row.mean * (1 + 1e-14) })),
      ['id'],
    ),
  ).toEqual([]);
  expect(
    diff(
      rows.slice(0, 2),
      [
        { id: 0n, mean: 0.34 },
        { id: 7n, mean: 1 },
      ],
      ['id'],
    ),
  ).toEqual(['different: id=0: mean is 0.34, expected 0.3333333333333333', 'missing: id=1', 'not expected: id=7']);
  expect(diff(rows, [], ['id'])).toHaveLength(21);
  expect(diff([], [...rows, ...rows], ['id']).at(-1)).toBe('and 80 more differences');
});

const input: OracleInput = {
  chat: [],
  tool: [],
  settings: { weekStart: 'monday', minimumUsersPerCell: 1 },
  silverDays: { from: '2026-03-01', to: '2026-03-08' },
  goldFrom: '2026-03-01',
  goldThrough: '2026-03-08',
  arrival: new Date('2026-03-06T12:00:00Z'),
};

function allDifferences(one: OracleInput, other: OracleInput): string[] {
  const [expected, actual] = [oracle(other).tables, oracle(one).tables];
  return chatTables.flatMap((table) => diff(expected[table.name] ?? [], actual[table.name] ?? [], table.grain));
}

function fail(name: string): never {
  throw new Error(`there is no table ${name}`);
}
