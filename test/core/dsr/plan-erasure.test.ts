import { chatPipeline } from '../../../core/chat/pipeline.ts';
import { planErasure, planInventory, recordInventory } from '../../../core/dsr/plan-erasure.ts';
import { subjectsOf } from '../../../core/dsr/subjects.ts';
import { openedBatch } from '../../dsr/erasing-lake.ts';
import { builtDay } from '../../ledger/built-day.ts';
import { type EmbeddedLake, openLake } from '../../local/embedded-lake.ts';

let lake: EmbeddedLake;
beforeAll(async () => {
  lake = await openLake();
});
afterAll(() => lake.close());
beforeEach(() => {
  lake.at = new Date('2026-03-07T07:00:00Z');
});

test('every day that a record can count to is looked at: the one before 2000, and the day after tomorrow', () => {
  for (const { counts } of planInventory(lake.session.runtime, chatPipeline, undefined)) {
    expect(counts[0]?.from).toBe('1999-12-31');
    expect(counts.at(-1)?.to).toBe('2026-03-10');
  }
});

test('what was counted first of a day stands; days that came since are added', async () => {
  const { runtime, erasures } = lake.session;
  await erasures.store.save(openedBatch('one'));
  const table = 'bronze_tool_calls';
  const count = (rows: readonly unknown[]) => recordInventory(runtime, { batch: 'one', run: 'run', table, rows });
  await count([{ day: '2026-03-03', file: null, all_rows: '10', subject_rows: '3' }]);
  lake.at = new Date('2026-03-07T08:00:00Z');
  await count([
    { day: '2026-03-03', file: null, all_rows: '8', subject_rows: '1' },
    { day: '2026-03-04', file: null, all_rows: '5', subject_rows: '2' },
  ]);
  expect((await erasures.store.batch('one'))?.rounds).toMatchObject([
    {
      before: { [table]: { '2026-03-03': { all: 10, subjects: 3 }, '2026-03-04': { all: 5, subjects: 2 } } },
      countedAt: { [table]: '2026-03-07T07:00:00.000Z' },
    },
  ]);
});

test('days are built again unless retention has dropped them, on record or not; rows go from all of them', async () => {
  const { runtime, erasures } = lake.session;
  const days = ['2026-03-01', '2026-03-02', '2026-03-03', '2026-03-04'];
  const before = { bronze_chat_events: Object.fromEntries(days.map((day) => [day, { all: 2, subjects: 1 }])) };
  await erasures.store.save(openedBatch('one', { rounds: [{ kind: 'erasure', before, runs: [] }] }));
  await runtime.ledger.recordPeriods([
    builtDay('2026-03-01', { state: 'dropped' }),
    builtDay('2026-03-02', { state: 'dropped' }),
    builtDay('2026-03-03', { state: 'final' }),
  ]);
  const { rebuilds, deletions, rewrites } = await planErasure(runtime, chatPipeline, 'one');
  expect(rebuilds['silver-daily']?.flat().map(({ from, to }) => [from, to])).toEqual([['2026-03-03', '2026-03-05']]);
  const all = { from: '2026-03-01', to: '2026-03-05' };
  expect(deletions).toMatchObject([{ table: 'bronze_chat_events', deletions: [all] }]);
  expect(rewrites.map(({ table, rewrites: windows }) => [table, windows])).toContainEqual([
    'silver_user_daily',
    [expect.objectContaining(all)],
  ]);
});

test.each([[['early', 'late']], [['late', 'early']]])(
  'a person who asked twice is erased up to the last request, taken in the order %j',
  async (requests) => {
    const { runtime, erasures } = lake.session;
    const submitted: Readonly<Record<string, string>> = {
      early: '2026-03-01T00:00:00.000Z',
      late: '2026-03-04T00:00:00.000Z',
    };
    erasures.store.requestsOf = async (ids) =>
      ids.map((id) => ({
        id,
        regulation: 'gdpr',
        submittedAt: submitted[id] ?? '',
        receivedAt: submitted[id] ?? '',
        due: '2026-04-01T00:00:00.000Z',
        status: 'in_progress',
        pseudonyms: [],
      }));
    for (const id of requests) await erasures.vault.put(id, ['leaver']);
    expect(await subjectsOf(runtime, { id: 'one', requests })).toEqual([
      { identity: 'leaver', scopeEnds: submitted.late },
    ]);
  },
);
