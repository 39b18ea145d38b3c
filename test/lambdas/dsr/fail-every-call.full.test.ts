import { erasuresOf } from '../../../core/dsr/ports.ts';
import { erase, id, identity, refusingLake } from './refusing-lake.ts';
import { writtenDuring } from './written-during.ts';

test('any call of AWS may fail once: the request ends the same, and nobody is named in a log or an error', async () => {
  let refused = 0;
  for (; ; refused++) {
    const refusing = refusingLake(refused);
    let batch = '';
    const written = await writtenDuring(async () => {
      batch = await erase(refusing);
    });
    if (!refusing.wasRefused()) break;
    expect([refused, written.includes(identity)]).toEqual([refused, false]);
    const told = refusing.errors.map(({ name, message, stack }) => `${name} ${message} ${stack}`).join('\n');
    expect([refused, told.includes(identity)]).toEqual([refused, false]);
    const { store, vault } = erasuresOf(refusing.lake.runtime);
    expect([refused, await store.request(id)]).toEqual([
      refused,
      expect.objectContaining({
        status: 'completed',
        batch,
        evidence: `${batch}.json`,
        due: '2026-04-10T06:00:00.000Z',
      }),
    ]);
    expect((await store.batches()).map(({ stage, requests }) => [stage, requests])).toEqual([['closed', [id]]]);
    expect(await vault.get([id])).toEqual(new Map());
    expect(await store.untold(10)).toEqual([]);
  }
  expect(refused).toBeGreaterThan(30);
});
