import { defineTable, type Table } from '../../../core/catalogue/table.ts';
import { nextSpan, timedOut } from '../../../core/lake/rewrite-span.ts';
import type { StatementRecord } from '../../../core/lake/run-ledger.ts';
import { addDays, type Window } from '../../../core/window.ts';

const visits = defineTable({
  name: 'visits',
  layer: 'bronze',
  description: 'Visits.',
  grain: [],
  columns: [{ name: 'dt', type: 'date', description: 'Day.' }],
  eventTime: 'dt',
  partition: [{ transform: 'identity', column: 'dt' }],
  retention: 'days',
}) satisfies Table;

const days = (first: number, count: number): Window => {
  const from = addDays('2026-03-01', first);
  return { grain: 'day', from, to: addDays(from, count) };
};
const moreRuns = 'ICEBERG_OPTIMIZE_MORE_RUNS_NEEDED';

/** What a run has on record, in order: which days, and what became of them. */
const recordsOf = (...ended: readonly (readonly [Window, 'succeeded' | string])[]): StatementRecord[] =>
  ended.map(([window, code], at) => ({
    run: 'run',
    workflow: 'maintenance-table',
    window,
    statement: 'maintenance/rewrite_partitions',
    table: 'visits',
    id: `statement-${at}`,
    outcome: code === 'succeeded' ? 'succeeded' : 'failed',
    ...(code === 'succeeded' ? {} : { code }),
    bytesScanned: 0,
    millis: 0,
    finishedAt: `2026-03-20T06:${String(at).padStart(2, '0')}:00Z`,
  }));

const eight = days(0, 8);

test('a rewrite that no limit has ended is one statement, whatever else it has met', () => {
  for (const code of ['succeeded', moreRuns, 'ICEBERG_COMMIT_ERROR']) {
    expect(nextSpan(visits, eight, recordsOf([eight, code]))).toEqual(eight);
  }
});

test('each time that the limit ends it, the next one takes half as many partitions', () => {
  expect(nextSpan(visits, eight, recordsOf([eight, timedOut]))).toEqual(days(0, 4));
  expect(nextSpan(visits, eight, recordsOf([eight, timedOut], [days(0, 4), timedOut]))).toEqual(days(0, 2));
  expect(nextSpan(visits, days(0, 5), recordsOf([days(0, 5), timedOut]))).toEqual(days(0, 2));
});

test('what is done stays done, the rest follows in pieces of the same size, and the last piece is what is left', () => {
  const seven = days(0, 7);
  const done = [[seven, timedOut] as const, [days(0, 3), 'succeeded'] as const];
  expect(nextSpan(visits, seven, recordsOf(...done))).toEqual(days(3, 3));
  expect(nextSpan(visits, seven, recordsOf(...done, [days(3, 3), moreRuns]))).toEqual(days(3, 3));
  expect(nextSpan(visits, seven, recordsOf(...done, [days(3, 3), 'succeeded']))).toEqual(days(6, 1));
  expect(
    nextSpan(visits, seven, recordsOf(...done, [days(3, 3), 'succeeded'], [days(6, 1), 'succeeded'])),
  ).toBeUndefined();
});

test('one partition is tried twice, and then the run stops and names the table and the days', () => {
  const one = days(0, 1);
  const two = days(0, 2);
  expect(nextSpan(visits, one, recordsOf([one, timedOut]))).toEqual(one);
  expect(nextSpan(visits, two, recordsOf([two, timedOut], [one, timedOut]))).toEqual(one);
  const stopped = () => nextSpan(visits, two, recordsOf([two, timedOut], [one, timedOut], [one, timedOut]));
  expect(stopped).toThrow(/of visits, 2026-03-01 to 2026-03-02, .* twice/);
  // The last piece may be smaller than the others.
  const [three, third] = [days(0, 3), days(2, 1)];
  const left = [
    [three, timedOut],
    [days(0, 1), 'succeeded'],
    [days(1, 1), 'succeeded'],
    [third, timedOut],
  ] as const;
  expect(nextSpan(visits, three, recordsOf(...left))).toEqual(third);
  expect(() => nextSpan(visits, three, recordsOf(...left, [third, timedOut]))).toThrow('2026-03-03 to 2026-03-04');
});

test('a commit between two ends at the limit is progress', () => {
  const one = days(0, 1);
  expect(nextSpan(visits, one, recordsOf([one, timedOut], [one, moreRuns], [one, timedOut]))).toEqual(one);
});

test('other windows of the same run are others’ matter', () => {
  const others = recordsOf([days(8, 8), timedOut], [days(8, 4), timedOut]);
  expect(nextSpan(visits, eight, others)).toEqual(eight);
});

test('partitions of months are cut at months, and a table without time in its partitions is not cut', () => {
  const monthly: Table = { ...visits, partition: [{ transform: 'month', column: 'dt' }] };
  const quarter: Window = { grain: 'day', from: '2026-01-01', to: '2026-04-01' };
  expect(nextSpan(monthly, quarter, recordsOf([quarter, timedOut]))).toEqual({ ...quarter, to: '2026-02-01' });
  const whole: Table = { ...visits, partition: [] };
  expect(nextSpan(whole, eight, recordsOf([eight, timedOut]))).toEqual(eight);
  expect(() => nextSpan(whole, eight, recordsOf([eight, timedOut], [eight, timedOut]))).toThrow('twice');
});
