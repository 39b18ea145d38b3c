import { DynamoRequestStore } from '../../../lambdas/dsr/dynamo-request-store.ts';
import { openedBatch } from '../../dsr/erasing-lake.ts';
import { requestStoreBehaviour } from '../../dsr/request-store-behaviour.ts';
import { dynamoDouble, type Item } from '../lake/dynamo-double.ts';

requestStoreBehaviour(async () => ({
  store: new DynamoRequestStore({ client: dynamoDouble(), table: 'requests' }),
  close: async () => undefined,
}));

test('what has ended expires 24 months later, also what leads to it from a person; what is open never does', async () => {
  const items = new Map<string, Item>();
  const store = new DynamoRequestStore({ client: dynamoDouble(undefined, items), table: 't' });
  const at = '2026-01-31T00:00:00.000Z';
  const open = { regulation: 'gdpr', submittedAt: at, receivedAt: at, due: at, status: 'pending' } as const;
  for (const id of ['erased', 'withdrawn', 'working', 'waiting'])
    await store.add({ ...open, id, pseudonyms: ['some', 'other'] });
  await store.cancel('withdrawn', '2026-02-01T00:00:00.000Z');
  const batch = openedBatch('one', { openedAt: at, requests: ['erased'] });
  await store.open(batch, at);
  await store.open({ ...batch, id: 'two', requests: ['working'] }, at);
  await store.close({ ...batch, stage: 'closed' }, 'one.json', '2026-02-28T12:00:00.000Z');
  await store.refuse('2026-02-03T00:00:00.000Z', 'event: invalid_type');
  await store.told(await store.untold(100));
  // Less the shard, which is made of a digest, and the random id of a refusal.
  const nameOf = (key: string) =>
    key
      .replace(/^t /, '')
      .replace(/^(requests|pending)#. /, '$1 ')
      .replace(/^(refusals .*)#.*/, '$1');
  const goes: Record<string, string[]> = {};
  for (const [key, { expires }] of items) {
    const day = expires?.N === undefined ? 'never' : new Date(Number(expires.N) * 1_000).toISOString().slice(0, 10);
    goes[day] = [...(goes[day] ?? []), nameOf(key)].sort();
  }
  expect(goes).toEqual({
    // Which requests a batch was after, had its opening been interrupted.
    '2028-01-31': ['batch#one candidates#0000', 'batch#two candidates#0000'],
    '2028-02-01': ['person#other withdrawn', 'person#some withdrawn', 'requests withdrawn'],
    '2028-02-03': [`refusals 2026-02-03T00:00:00.000Z`],
    '2028-02-28': [
      ...['batch#one record#0000', 'batch#one requests#0000', `batches ${at}#one`],
      ...['person#other erased', 'person#some erased', 'requests erased'],
    ],
    never: [
      ...['batch#two record#0000', 'batch#two requests#0000', `batches ${at}#two`, `open-batches ${at}#two`],
      `pending ${at}#waiting`,
      ...['person#other waiting', 'person#other working', 'person#some waiting', 'person#some working'],
      ...['requests waiting', 'requests working'],
    ],
  });
});
