import { chatPipeline } from '../../../core/chat/pipeline.ts';
import type { Batch, Round } from '../../../core/dsr/request-store.ts';
import { verifyDeletion } from '../../../core/dsr/verify-deletion.ts';
import { builtDay } from '../../ledger/built-day.ts';
import { type EmbeddedLake, openLake } from '../../local/embedded-lake.ts';

const day = '2026-03-03';
const table = 'bronze_tool_calls';
const [early, counted, late] = ['2026-03-05T01:00:00.000Z', '2026-03-05T02:00:00.000Z', '2026-03-06T02:00:00.000Z'];

let lake: EmbeddedLake;
beforeEach(async () => {
  lake = await openLake({}, { at: new Date('2026-03-07T02:00:00Z') });
});
afterEach(() => lake.close());

const facts = 'silver_messages';

/** A batch with one round, as a count of the day and a run of it have left it. */
async function save(id: string, all: number, subjects: number, round: Partial<Round>): Promise<void> {
  const batch: Batch = {
    id,
    pipeline: chatPipeline.name,
    openedAt: early ?? '',
    stage: 'opened',
    waitsUntil: early ?? '',
    requests: [],
    subjects: 1,
    rounds: [{ kind: 'erasure', before: { [table]: { [day]: { all, subjects } } }, runs: [], ...round }],
  };
  await lake.session.erasures.store.save(batch);
}

const verify = (all_rows: number, subject_rows = 0) =>
  verifyDeletion(lake.session.runtime, chatPipeline, {
    batch: 'one',
    table,
    window: { grain: 'day', from: day, to: '2026-03-04' },
    rows: [{ day, all_rows, subject_rows }],
  });

test('rows of others must still be there, but for those that another batch has deleted since the count', async () => {
  await save('one', 10, 4, { countedAt: { [table]: counted ?? '' } });
  await expect(verify(6)).resolves.toBeUndefined();
  await expect(verify(5)).rejects.toMatchObject({
    name: 'CheckFailed',
    message: `${table} on ${day}: 1 rows of others are missing.`,
  });
  // One that was done before the count had left nothing to count.
  await save('two', 9, 3, { erasedAt: early ?? '' });
  await expect(verify(5)).rejects.toMatchObject({ name: 'CheckFailed' });
  await save('three', 6, 3, { erasedAt: late ?? '' });
  await expect(verify(3)).resolves.toBeUndefined();
  await expect(verify(2)).rejects.toMatchObject({ message: `${table} on ${day}: 1 rows of others are missing.` });
  const [batch] = await lake.session.erasures.store.batches();
  expect(batch?.rounds[0]?.after).toEqual({ [table]: { [day]: { all: 3, subjects: 0 } } });
});

test('a single row in scope that is still there fails the batch', async () => {
  await save('one', 10, 4, {});
  await expect(verify(7, 1)).rejects.toMatchObject({
    name: 'CheckFailed',
    message: `${table} on ${day}: 1 rows in scope are still there.`,
  });
});

test('a day that retention has dropped since the count may be empty', async () => {
  await save('one', 10, 4, {});
  await lake.session.runtime.ledger.recordPeriods([builtDay(day, { state: 'dropped' })]);
  await expect(verify(0)).resolves.toBeUndefined();
});

test('cleaned facts may have more rows than were counted only where a build has added them since', async () => {
  const { erasures, runtime } = lake.session;
  const recount = async (countedAt: string) => {
    const before = { [facts]: { [day]: { all: 10, subjects: 4 } } };
    await save('one', 0, 0, { before, countedAt: { [facts]: countedAt } });
    return verifyDeletion(runtime, chatPipeline, {
      batch: 'one',
      table: facts,
      window: { grain: 'day', from: day, to: '2026-03-04' },
      rows: [{ day, all_rows: 8, subject_rows: 0 }],
    });
  };
  // Final with the end of March 6th: counted before, a scheduled build has had its turn since.
  await expect(recount('2026-03-05T07:00:00.000Z')).resolves.toBeUndefined();
  await expect(recount('2026-03-07T01:00:00.000Z')).rejects.toMatchObject({
    message: `${facts} on ${day}: 2 rows too many.`,
  });
  await runtime.ledger.recordPeriods([builtDay(day, { builtAt: '2026-03-07T01:30:00.000Z', state: 'final' })]);
  await expect(recount('2026-03-07T01:00:00.000Z')).resolves.toBeUndefined();
  expect((await erasures.store.batches()).map(({ stage }) => stage)).toEqual(['opened']);
});
