import { chatTables } from '../../../core/chat/tables.ts';
import { type Course, scriptedLake } from '../lake/scripted-lake.ts';
import { countedRows, deletionRequested } from './erasing-calls.ts';

/** A lake with a request, whose engine asks for more runs of OPTIMIZE and VACUUM as often as is said, for each table. */
async function lakeThatAsks(times: { optimize: number; vacuum: number }) {
  const asked = { ...times };
  const course = (sql: string, before: number): Course | undefined => {
    if (/^optimize/.test(sql)) return before < asked.optimize ? ['ICEBERG_OPTIMIZE_MORE_RUNS_NEEDED'] : undefined;
    if (/^vacuum/.test(sql)) return before < asked.vacuum ? ['ICEBERG_VACUUM_MORE_RUNS_NEEDED'] : undefined;
    return undefined;
  };
  const lake = scriptedLake({ course, rows: countedRows() });
  lake.now = new Date('2026-03-10T07:00:00Z');
  await lake.machines.run('backfill', { from: '2026-03-08', to: '2026-03-09' });
  await lake.call('dsr/receive-request', deletionRequested('person'));
  const store = lake.runtime.erasures?.store;
  const statements = async () => {
    const runs = await lake.runtime.ledger.latestRuns(1_000);
    return (await Promise.all(runs.map(({ id }) => lake.runtime.ledger.statementsOf(id)))).flat();
  };
  return {
    lake,
    asked,
    statements,
    /** What a run of the workflow fails with, if it does. */
    run: () =>
      lake.machines.run('dsr', { mode: 'scheduled' }).then(
        () => undefined,
        (error: unknown) => String(error),
      ),
    stage: async () => (await store?.batches())?.[0]?.stage,
    later: () => {
      lake.now = new Date(lake.now.getTime() + 15 * 86_400_000);
    },
  };
}

const startedOf = ({ statements }: ReturnType<typeof scriptedLake>, kind: RegExp) => {
  const texts = [...statements.values()].map(({ sql }) => sql).filter((sql) => kind.test(sql));
  const counts = new Map<string, number>();
  for (const text of texts) counts.set(text, (counts.get(text) ?? 0) + 1);
  return [...counts.values()];
};

const silverAndSources = chatTables.filter(({ layer, name }) => layer !== 'gold' && !name.includes('rejected'));

test('an erasure runs OPTIMIZE and VACUUM of each table until there is no more to do, each time anew', async () => {
  const { lake, run, stage, later, statements } = await lakeThatAsks({ optimize: 3, vacuum: 5 });
  expect(await run()).toBeUndefined();
  expect(await stage()).toBe('erased');
  expect(startedOf(lake, /^optimize/)).toEqual(silverAndSources.map(() => 4));
  later();
  expect(await run()).toBeUndefined();
  expect(await stage()).toBe('proven');
  expect(startedOf(lake, /^vacuum/)).toEqual(silverAndSources.map(() => 6));
  // The latest run stands first.
  const codes = (await statements()).filter(({ table, code }) => table === 'bronze_chat_events' && code !== undefined);
  expect(codes.map(({ statement, code }) => [statement, code])).toEqual([
    ...Array.from({ length: 5 }, () => ['dsr/expire_snapshots', 'ICEBERG_VACUUM_MORE_RUNS_NEEDED']),
    ...Array.from({ length: 3 }, () => ['dsr/rewrite_days', 'ICEBERG_OPTIMIZE_MORE_RUNS_NEEDED']),
  ]);
  for (let runs = 0; (await stage()) !== 'closed' && runs < 4; runs++) {
    later();
    expect(await run()).toBeUndefined();
  }
  expect(await stage()).toBe('closed');
});

test('an erasure whose OPTIMIZE asks for more for ever fails and waits where it was, and goes on once it is done', async () => {
  const { lake, asked, run, stage, statements } = await lakeThatAsks({ optimize: 1_000, vacuum: 0 });
  const failure = await run();
  expect(failure).toMatch(/dsr\/rewrite_days .* has been run 200 times and asks for more/);
  expect(startedOf(lake, /^optimize/)).toEqual([200]);
  expect(await stage()).toBe('opened');
  // What the engine said along with its code.
  expect(JSON.stringify([failure, await statements()])).not.toContain('secret-user');
  asked.optimize = 0;
  expect(await run()).toBeUndefined();
  expect(await stage()).toBe('erased');
});
