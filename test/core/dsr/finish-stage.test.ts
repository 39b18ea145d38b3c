import { chatPipeline } from '../../../core/chat/pipeline.ts';
import { proveErasure, recordErased } from '../../../core/dsr/finish-stage.ts';
import { type EmbeddedLake, openLake } from '../../local/embedded-lake.ts';

const opened = '2026-03-05T07:00:00.000Z';
let lake: EmbeddedLake;
beforeEach(async () => {
  lake = await openLake({}, { at: new Date(opened) });
  await lake.session.erasures.subjects.write('one', []);
  await lake.session.erasures.store.save({
    id: 'one',
    pipeline: chatPipeline.name,
    openedAt: opened,
    stage: 'opened',
    waitsUntil: opened,
    requests: [],
    subjects: 1,
    rounds: [{ kind: 'erasure', before: { silver_messages: { '2026-03-03': { all: 2, subjects: 1 } } }, runs: [] }],
  });
});
afterEach(() => lake.close());

const batch = async () => (await lake.session.erasures.store.batches())[0];

test('a task that is called again, since its answer was lost, takes a batch no second stage further', async () => {
  const { runtime } = lake.session;
  for (let times = 0; times < 2; times++) expect(await recordErased(runtime, 'one')).toBe('wait');
  // A day and an hour after the rewrite.
  expect(await batch()).toMatchObject({ stage: 'erased', waitsUntil: '2026-03-06T08:00:00.000Z' });
  lake.at = new Date('2026-03-06T09:00:00Z');
  for (let times = 0; times < 2; times++)
    expect(await proveErasure(runtime, 'one', 'run')).toEqual({ next: 'wait', manifests: [] });
  // The sweep waits for what Kafka may still bring: nothing is closed before it.
  expect(await batch()).toMatchObject({
    stage: 'proven',
    waitsUntil: '2026-03-19T07:00:00.000Z',
    rounds: [{ kind: 'erasure' }],
  });
});
