import { javaDouble } from '../../../local/athena/duckdb-cells.ts';
import { aggregateCases, functionCases } from '../../cases/athena-functions.ts';
import { openLake, rowsOf, runToEnd, temporaryFolder } from './visits-lake.ts';

const directory = temporaryFolder();
let lake: Awaited<ReturnType<typeof openLake>>;
beforeAll(async () => {
  lake = await openLake(directory);
});
afterAll(() => lake.close());

test.each(functionCases)('%s is %s', async (expression, expected) => {
  const execution = await runToEnd(lake.client, `select ${expression} as x`);
  expect(execution.Status?.StateChangeReason).toBeUndefined();
  expect(await rowsOf(lake.client, execution)).toEqual([['x'], [expected]]);
});

test.each(aggregateCases)('%s of three rows is %s', async (expression, expected) => {
  const execution = await runToEnd(
    lake.client,
    `select ${expression} as x from (values (1, 'a'), (2, 'b'), (3, 'c')) t(x, y)`,
  );
  expect(execution.Status?.StateChangeReason).toBeUndefined();
  expect(await rowsOf(lake.client, execution)).toEqual([['x'], [expected]]);
});

test.each([
  ['0.1', '0.1'],
  ['16777217', '1.6777216E7'],
  ['1e-45', '1.0E-45'],
  ['3.4028235e38', '3.4028235E38'],
  [`'NaN'`, 'NaN'],
  ['0', '0.0'],
  ['1.0 / 3', '0.33333334'],
])('the real %s is written with its own digits: %s', async (number, text) => {
  const execution = await runToEnd(lake.client, `select cast(${number} as real), array[cast(${number} as real)]`);
  expect((await rowsOf(lake.client, execution))[1]).toEqual([text, `[${text}]`]);
});

test('the result of date functions on a date is a date', async () => {
  const execution = await runToEnd(
    lake.client,
    `select d from (select date_trunc('week', date_add('day', 1, dt)) as d from visits) where d between date '2026-01-01' and date '2026-01-31'`,
  );
  expect(execution.Status?.State).toBe('SUCCEEDED');
});

test.each([
  [0, '0.0'],
  [-0, '-0.0'],
  [12, '12.0'],
  [0.001, '0.001'],
  [0.0001, '1.0E-4'],
  [12345678.9, '1.23456789E7'],
  [Number.NaN, 'NaN'],
  [Number.NEGATIVE_INFINITY, '-Infinity'],
])('%d is written as Java writes it: %s', (value, text) => {
  expect(javaDouble(value)).toBe(text);
});
