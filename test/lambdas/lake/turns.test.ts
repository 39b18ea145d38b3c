import { scriptedLake } from './scripted-lake.ts';

/** A rewrite of a day whose run has the turn. */
async function rewriteOf(lake: ReturnType<typeof scriptedLake>) {
  const request = { run: 'run-a', pipeline: 'chat', workflow: 'maintenance-table', table: 'silver_messages' };
  await lake.call('lake/take-turn', { ...request, request: { mode: 'named', table: request.table } });
  const window = { grain: 'day', from: '2026-03-09', to: '2026-03-10' };
  return { ...request, statement: 'maintenance/rewrite_partitions', window };
}

test('a run whose statement waits for longer than a turn lasts keeps its turn, as long as it looks', async () => {
  const lake = scriptedLake({ course: () => ['QUEUED'] });
  const start = lake.now.getTime();
  const next = (minute: number) => {
    lake.now = new Date(start + minute * 60_000);
    return lake.runtime.ledger.takeTurn('next', ['silver_messages'], lake.now.toISOString(), '9');
  };
  const rewrite = await rewriteOf(lake);
  const progress = await lake.call('lake/start-statement', rewrite);
  expect(progress).toMatchObject({ state: 'running' });
  for (const minute of [40, 80]) {
    expect(await next(minute)).toEqual({ heldBy: 'run-a' });
    await lake.call('lake/look-at-statement', { ...rewrite, ...Object(progress) });
  }
  expect(await next(124)).toEqual({ heldBy: 'run-a' });
  expect(await next(126)).toEqual({});
  await expect(lake.call('lake/look-at-statement', { ...rewrite, ...Object(progress) })).rejects.toThrow(
    'has lost its turn to next',
  );
});

test('the pause before a long statement is tried again grows with each time that it has failed', async () => {
  const long = Array.from({ length: 15 }, () => 'RUNNING' as const);
  const lake = scriptedLake({ course: () => [...long, 'ICEBERG_COMMIT_ERROR'] });
  const rewrite = await rewriteOf(lake);
  const pauses: number[] = [];
  while (pauses.length < 6) {
    let progress = Object(await lake.call('lake/start-statement', rewrite));
    while (progress.state === 'running') {
      progress = Object(await lake.call('lake/look-at-statement', { ...rewrite, ...progress }));
    }
    pauses.push(progress.waitSeconds);
  }
  expect(pauses[0]).toBeLessThan(5);
  expect(pauses[5]).toBeGreaterThan(30);
  await expect(lake.call('lake/start-statement', rewrite)).rejects.toThrow('6 times');
});

test('a run that has lost its turn starts no statement', async () => {
  const lake = scriptedLake();
  const rewrite = await rewriteOf(lake);
  lake.now = new Date(lake.now.getTime() + 46 * 60_000);
  expect(await lake.runtime.ledger.takeTurn('next', [rewrite.table], lake.now.toISOString(), '9')).toEqual({});
  await expect(lake.call('lake/start-statement', rewrite)).rejects.toThrow('has lost its turn to next');
  expect(lake.statements.size).toBe(0);
});

test('one run of erasures goes on at a time, for as long as its state machine may take', async () => {
  const lake = scriptedLake();
  const start = lake.now.getTime();
  const take = (run: string, hour: number) => {
    lake.now = new Date(start + hour * 3_600_000);
    return lake.call('lake/take-turn', { run, pipeline: 'chat', workflow: 'dsr', request: { mode: 'scheduled' } });
  };
  expect(await take('one', 0)).toMatchObject({ turn: 'taken' });
  for (const hour of [0, 1, 11.9]) expect(await take('two', hour)).not.toMatchObject({ turn: 'taken' });
  expect(await take('two', 12.1)).toMatchObject({ turn: 'taken' });
});
