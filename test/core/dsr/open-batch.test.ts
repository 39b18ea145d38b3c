import { chatPipeline } from '../../../core/chat/pipeline.ts';
import { planBatches } from '../../../core/dsr/open-batch.ts';
import { openedBatch, submit } from '../../dsr/erasing-lake.ts';
import { type EmbeddedLake, openLake } from '../../local/embedded-lake.ts';

let lake: EmbeddedLake;
beforeEach(async () => {
  lake = await openLake({}, { at: new Date('2026-03-05T07:00:00Z') });
});
afterEach(() => lake.close());

test('a batch whose identity the vault has lost fails by itself, and is named; the next one has its turn', async () => {
  const { erasures, runtime } = lake.session;
  const [lost = ''] = await submit(lake, 'person-4711');
  const [first] = await planBatches(runtime, chatPipeline, 'run-1');
  expect(first).toMatchObject({ step: 'erase', cause: '' });
  await erasures.vault.destroy([lost]);
  await submit(lake, 'person-4712');
  const failure: unknown = await lake.session.run('dsr', { mode: 'scheduled' }).catch((error: unknown) => error);
  expect(failure).toMatchObject({
    name: 'CheckFailed',
    message: expect.stringContaining(`${first?.batch}: The vault has lost the identity of request ${lost}.`),
  });
  const batches = await erasures.store.batches();
  expect(batches.map(({ stage }) => stage).sort()).toEqual(['erased', 'opened']);
});

test('another pipeline’s batches and dry runs are left to its own tick', async () => {
  const { erasures, runtime } = lake.session;
  for (const pipeline of ['chat', 'another']) {
    await erasures.store.save(openedBatch(`batch of ${pipeline}`, { pipeline }));
    await erasures.store.save(openedBatch(`dry run of ${pipeline}`, { pipeline, stage: 'estimating' }));
  }
  expect(await planBatches(runtime, chatPipeline, 'run-1')).toEqual([
    { batch: 'dry run of chat', step: 'close', cause: '' },
    { batch: 'batch of chat', step: 'erase', cause: '' },
  ]);
});

test('a tick takes from the ledger what ended 24 months ago; a dry run leaves it', async () => {
  const { erasures, runtime } = lake.session;
  const [old = '', recent = ''] = await submit(lake, 'person-4711', 'person-4712');
  await erasures.store.cancel(old, '2024-03-05T06:59:59.999Z');
  await erasures.store.cancel(recent, '2024-03-05T07:00:00.000Z');
  const left = async () => (await erasures.store.requests()).map(({ id }) => id);
  await planBatches(runtime, chatPipeline, 'run-1', { dryRun: true });
  expect(await left()).toEqual([old, recent]);
  await planBatches(runtime, chatPipeline, 'run-2');
  expect(await left()).toEqual([recent]);
});
