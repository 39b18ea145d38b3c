import { chatPipeline } from '../../../core/chat/pipeline.ts';
import { planBatches } from '../../../core/dsr/open-batch.ts';
import { submit } from '../../dsr/erasing-lake.ts';
import { openLake } from '../../local/embedded-lake.ts';

test('a batch whose identity the vault has lost fails by itself, and is named; the next one has its turn', async () => {
  const lake = await openLake({}, { at: new Date('2026-03-05T07:00:00Z') });
  const { erasures, runtime } = lake.session;
  try {
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
  } finally {
    await lake.close();
  }
});
