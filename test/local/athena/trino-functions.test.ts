import { javaDouble } from '../../../local/athena/duckdb-cells.ts';
import { openLake, rowsOf, runToEnd, temporaryFolder } from './visits-lake.ts';

const directory = temporaryFolder();
let lake: Awaited<ReturnType<typeof openLake>>;
beforeAll(async () => {
  lake = await openLake(directory);
});
afterAll(() => lake.close());

/** Expressions, and what Athena's documentation says they are. */
test.each([
  [`date_add('day', 3, date '2026-02-26')`, '2026-03-01'],
  [`date_add('month', 1, date '2026-01-31')`, '2026-02-28'],
  [`date_add('week', -1, date '2026-01-07')`, '2025-12-31'],
  [`date_add('hour', 5, timestamp '2026-01-01 23:00:00')`, '2026-01-02 04:00:00.000'],
  [`date_add('millisecond', 1, timestamp '2026-01-01 00:00:00')`, '2026-01-01 00:00:00.001'],
  [`date_diff('day', date '2026-02-28', date '2026-03-01')`, '1'],
  [`date_diff('hour', timestamp '2026-01-01 00:59:00', timestamp '2026-01-01 01:01:00')`, '0'],
  [`date_diff('minute', timestamp '2026-01-01 00:00:00', timestamp '2025-12-31 23:58:30')`, '-1'],
  [`date_trunc('week', date '2026-01-01')`, '2025-12-29'],
  [`date_trunc('month', date '2026-01-31')`, '2026-01-01'],
  [`date_trunc('hour', timestamp '2026-01-01 10:59:59')`, '2026-01-01 10:00:00.000'],
  [`day_of_week(date '2026-01-04')`, '7'],
  [`day_of_year(date '2026-02-01')`, '32'],
  [`day_of_month(date '2026-02-03')`, '3'],
  [`week(date '2026-01-01')`, '1'],
  [`year_of_week(date '2027-01-01')`, '2026'],
  [`last_day_of_month(date '2028-02-03')`, '2028-02-29'],
  [`from_iso8601_date('2026-01-02')`, '2026-01-02'],
  [`from_iso8601_timestamp('2026-01-02T03:04:05.6+09:00')`, '2026-01-01 18:04:05.600 UTC'],
  [`to_iso8601(timestamp '2026-01-02 03:04:05')`, '2026-01-02T03:04:05.000'],
  [`to_unixtime(timestamp '1970-01-02 00:00:00.5')`, '86400.5'],
  ['from_unixtime(86400.5)', '1970-01-02 00:00:00.500 UTC'],
  [
    `date_format(timestamp '2026-01-02 15:04:05', '%Y-%m-%d %H:%i:%s %M %W %h')`,
    '2026-01-02 15:04:05 January Friday 03',
  ],
  [`date_parse('2026-01-02 15:04', '%Y-%m-%d %H:%i')`, '2026-01-02 15:04:00.000'],
  ['element_at(array[7, 8], 2)', '8'],
  ['element_at(array[7, 8], 3)', null],
  [`element_at(map(array['a'], array[1]), 'b')`, null],
  ['cardinality(array[1, 2])', '2'],
  [`cardinality(map(array['a', 'b'], array[1, 2]))`, '2'],
  ['sequence(1, 4)', '[1, 2, 3, 4]'],
  ['sequence(3, 1)', '[3, 2, 1]'],
  [`sequence(date '2026-02-27', date '2026-03-01')`, '[2026-02-27, 2026-02-28, 2026-03-01]'],
  [`sequence(date '2026-01-01', date '2026-01-20', interval '7' day)`, '[2026-01-01, 2026-01-08, 2026-01-15]'],
  [`json_extract_scalar('{"a": {"b": "x"}}', '$.a.b')`, 'x'],
  [`json_extract_scalar('{"a": {"b": "x"}}', '$.a')`, null],
  [`json_extract_scalar('{"a": 1.5}', '$.a')`, '1.5'],
  [`json_size('{"a": {"b": 1, "c": 2}}', '$.a')`, '2'],
  [`regexp_like('1a 2b', '\\d+b')`, 'true'],
  [`regexp_extract('1a 2b', '\\d+')`, '1'],
  [`regexp_extract('abc', '\\d+')`, null],
  [`regexp_replace('1a 2b', '(\\d)([a-z])', '$2$1')`, 'a1 b2'],
  ['width_bucket(5.3e0, 0.2e0, 10.6e0, 5)', '3'],
  ['width_bucket(0e0, 1e0, 10e0, 3)', '0'],
  ['width_bucket(10e0, 1e0, 10e0, 3)', '4'],
  ['width_bucket(5e0, array[1e0, 5e0, 9e0])', '2'],
  ['7 / 2', '3'],
  ['-7 / 2', '-3'],
  ['7e0 / 2', '3.5'],
  ['truncate(-1.7e0)', '-1.0'],
  [`array_join(array['a', 'b'], '-')`, 'a-b'],
  ['transform(array[1, 2], x -> x * 10)', '[10, 20]'],
  ['filter(array[1, 2, 3], x -> x > 1)', '[2, 3]'],
  [`if(1 > 2, 'a', 'b')`, 'b'],
  ["try_cast('x' as bigint)", null],
  ['log(2, 8)', '3.0'],
  ['log10(100)', '2.0'],
])('%s is %s', async (expression, expected) => {
  const execution = await runToEnd(lake.client, `select ${expression} as x`);
  expect(execution.Status?.StateChangeReason).toBeUndefined();
  expect(await rowsOf(lake.client, execution)).toEqual([['x'], [expected]]);
});

test.each([
  ['approx_distinct(x) filter (where x > 1)', '2'],
  ['max_by(y, x)', 'c'],
  ['min_by(y, x)', 'a'],
  ['count_if(x > 1)', '2'],
  ['arbitrary(x) filter (where x = 3)', '3'],
  ['approx_percentile(x, 0.5)', '2'],
  ['every(x > 0)', 'true'],
  ['bool_or(x > 2)', 'true'],
  ['array_agg(y order by x desc)', '[c, b, a]'],
])('%s of three rows is %s', async (expression, expected) => {
  const execution = await runToEnd(
    lake.client,
    `select ${expression} as x from (values (1, 'a'), (2, 'b'), (3, 'c')) t(x, y)`,
  );
  expect(execution.Status?.StateChangeReason).toBeUndefined();
  expect(await rowsOf(lake.client, execution)).toEqual([['x'], [expected]]);
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
