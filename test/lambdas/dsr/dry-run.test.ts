import { erasuresOf } from '../../../core/dsr/ports.ts';
import { openBatches } from '../../../core/dsr/subjects.ts';
import { type Script, scriptedLake } from '../lake/scripted-lake.ts';
import { countedRows, deletionRequested } from './erasing-calls.ts';

/** A lake with requests of two people. */
async function lakeWithRequests(script: Script = {}) {
  const lake = scriptedLake({ rows: countedRows(), ...script });
  lake.now = new Date('2026-03-10T07:00:00Z');
  const [first, second] = [deletionRequested('person'), deletionRequested('another')];
  for (const event of [first, second]) await lake.call('dsr/receive-request', event);
  const { store } = erasuresOf(lake.runtime);
  return {
    lake,
    store,
    first: first.detail.subject_request_id,
    dryRun: () => lake.machines.run('dsr', { mode: 'scheduled', dryRun: true }),
    /** Objects that statements can join people from, as they were made and removed. */
    subjects: () =>
      lake.calls
        .filter(({ service, input }) => service === 's3' && JSON.stringify(input).includes('erasures/subjects/'))
        .map(({ operation }) => operation)
        .filter((operation) => /^(Put|Delete)/.test(operation)),
  };
}

test('a dry run says what would go, and leaves requests, builds and storage as they were', async () => {
  const { lake, store, first, dryRun, subjects } = await lakeWithRequests();
  const before = [await store.requests(), await store.untold(100)];
  await dryRun();
  const table = { rows: 2, days: 1, files: 0, bytes: 0 };
  expect(await store.estimate()).toEqual({
    at: '2026-03-10T07:00:00.000Z',
    requests: 2,
    people: 2,
    due: '2026-04-10T06:00:00.000Z',
    tables: { bronze_chat_events: table, bronze_tool_calls: table, silver_messages: table, silver_tool_calls: table },
    dollars: expect.any(Number),
  });
  expect([await store.requests(), await store.untold(100)]).toEqual(before);
  expect([await store.batches(), await store.openBatches()]).toEqual([[], []]);
  expect(subjects().map((operation) => operation.replace(/Objects?$/, ''))).toEqual(['Put', 'Delete']);
  expect([...lake.statements.values()].filter(({ sql }) => !/^(with|select)/.test(sql))).toEqual([]);
  // A request that has been counted may be taken back; then there is one less to count.
  const detail = { subject_request_id: first };
  await lake.call('dsr/receive-request', { 'detail-type': 'DeletionWithdrawn', detail });
  await dryRun();
  expect(await store.estimate()).toMatchObject({ requests: 1, people: 1 });
  await lake.machines.run('dsr', { mode: 'scheduled' });
  expect(await store.batches()).toMatchObject([{ stage: 'erased', subjects: 1 }]);
  await dryRun();
  expect(await store.estimate()).toMatchObject({ requests: 0, people: 0, tables: {}, dollars: 0 });
  expect(await store.batches()).toMatchObject([{ stage: 'erased' }]);
});

test('while a dry run counts, builds leave nobody out, and what one that died has left goes with the next run', async () => {
  let dies = true;
  const { lake, store, dryRun, subjects } = await lakeWithRequests({
    course: (sql) => (dies && sql.includes('subject_rows') ? ['SOME_OTHER_ERROR'] : undefined),
  });
  await expect(dryRun()).rejects.toThrow(/SOME_OTHER_ERROR/);
  expect(await openBatches(lake.runtime)).toEqual([]);
  expect(await store.openBatches()).toMatchObject([{ stage: 'estimating' }]);
  expect([await store.batches(), await store.estimate(), subjects().length]).toEqual([[], undefined, 1]);
  dies = false;
  await lake.machines.run('dsr', { mode: 'scheduled' });
  expect(await store.openBatches()).toMatchObject([{ stage: 'erased' }]);
  // The dry run's is removed; the batch's own is there.
  const [left, gone, own] = subjects().map((operation) => operation.slice(0, 3));
  expect([left, own, gone].sort()).toEqual(['Del', 'Put', 'Put']);
  expect(await store.requests()).toMatchObject([{ status: 'in_progress' }, { status: 'in_progress' }]);
});
