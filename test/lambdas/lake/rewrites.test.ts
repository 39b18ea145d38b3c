import { lookAtStatement, startStatement } from '../../../core/lake/run-statement.ts';
import { addDays } from '../../../core/window.ts';
import { scriptedLake } from './scripted-lake.ts';

test('maintenance that asks for more runs is run again until it is done, and not for ever', async () => {
  const asking = (times: number) => async () => {
    const more = 'ICEBERG_VACUUM_MORE_RUNS_NEEDED' as const;
    const isVacuum = (sql: string) => sql.startsWith('vacuum');
    const lake = scriptedLake({ course: (sql, before) => (isVacuum(sql) && before < times ? [more] : undefined) });
    const request = { run: 'run-a', pipeline: 'chat', workflow: 'dsr-table', statement: 'dsr/expire_snapshots' };
    const window = { grain: 'day', from: '2026-03-09', to: '2026-03-10' } as const;
    await lake.runtime.ledger.takeTurn('run-a', ['silver_messages'], lake.now.toISOString(), '9');
    const look = () => startStatement(lake.runtime, { ...request, window, table: 'silver_messages' });
    let progress = await look();
    for (let calls = 0; progress.state === 'retry' && calls < 1_000; calls++) progress = await look();
    return { lake, progress };
  };
  const { lake, progress } = await asking(150)();
  expect(progress).toEqual({ state: 'succeeded' });
  expect([...lake.statements.values()].filter(({ sql }) => sql.startsWith('vacuum'))).toHaveLength(151);
  await expect(asking(Number.POSITIVE_INFINITY)()).rejects.toThrow('200 times and asks for more');
});

/** Maintenance of a table whose rewrites Athena's limit ends when they take more days than it has time for. */
async function rewriting(count: number, most: number) {
  const days = (sql: string) => {
    const [, from = '', to = ''] = /\bdt\b\W+date '([^']+)' and \W*dt\W+date '([^']+)'/.exec(sql) ?? [];
    return { from, to, count: (Date.parse(to) - Date.parse(from)) / 86_400_000 };
  };
  const lake = scriptedLake({
    course: (sql) => {
      if (!sql.startsWith('optimize')) return undefined;
      lake.now = new Date(lake.now.getTime() + 1_000);
      return [
        'RUNNING',
        'RUNNING',
        'RUNNING',
        'RUNNING',
        'RUNNING',
        days(sql).count > most ? 'TIMED_OUT' : 'SUCCEEDED',
      ];
    },
  });
  const window = { grain: 'day', from: '2026-01-01', to: addDays('2026-01-01', count) } as const;
  const care = {
    mode: 'named',
    table: 'silver_messages',
    window,
    drops: [],
    rewrites: [window],
    expiries: [],
  } as const;
  const before = { files: 1, bytes: 1, mostFiles: 1, snapshots: 1 };
  const outcome = await lake.machines.run('maintenance-table', { ...care, before }).then(
    () => 'done',
    (error: unknown) => String(error),
  );
  const optimized = [...lake.statements.values()].map(({ sql }) => sql).filter((sql) => sql.startsWith('optimize'));
  return { outcome, optimized: optimized.map(days), statements: lake.statements };
}

test('a rewrite that meets the time limit goes on in smaller pieces, until every day is done', async () => {
  const { outcome, optimized } = await rewriting(8, 3);
  expect(outcome).toBe('done');
  expect(optimized.map(({ from, count }) => [from, count])).toEqual([
    ['2026-01-01', 8],
    ['2026-01-01', 4],
    ['2026-01-01', 2],
    ['2026-01-03', 2],
    ['2026-01-05', 2],
    ['2026-01-07', 2],
  ]);
});

test('a part of a rewrite that is looked at again after its end is not taken for the next one', async () => {
  let halved = false;
  const lake = scriptedLake({
    course: () => {
      const course = halved ? 'SUCCEEDED' : 'TIMED_OUT';
      halved = true;
      return [course];
    },
  });
  const window = { grain: 'day', from: '2026-01-01', to: '2026-01-03' } as const;
  const names = { run: 'run-a', pipeline: 'chat', workflow: 'maintenance-table', table: 'silver_messages' };
  const request = { ...names, statement: 'maintenance/rewrite_partitions', window };
  await lake.runtime.ledger.takeTurn('run-a', ['silver_messages'], lake.now.toISOString(), '9');
  await startStatement(lake.runtime, request);
  await startStatement(lake.runtime, request);
  const parts = async () => (await lake.runtime.ledger.statementsOf('run-a')).map((one) => [one.id, one.window.to]);
  const first = [
    ['statement-0', '2026-01-03'],
    ['statement-1', '2026-01-02'],
  ];
  expect(await parts()).toEqual(first);
  const again = { state: 'retry', waitSeconds: 1 };
  expect(await lookAtStatement(lake.runtime, { ...request, id: 'statement-1' })).toEqual(again);
  expect(await parts()).toEqual(first);
});

test('a day that no statement gets through within the limit stops its run, by table and day, and nothing more is tried', async () => {
  const { outcome, optimized } = await rewriting(2, 0);
  expect(outcome).toMatch(/of silver_messages, 2026-01-01 to 2026-01-02, .* twice/);
  expect(optimized.map(({ count }) => count)).toEqual([2, 1, 1]);
});
