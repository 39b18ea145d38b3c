import { DynamoDBClient, ScanCommand } from '@aws-sdk/client-dynamodb';
import type { Batch, ErasureRequest } from '../../core/dsr/request-store.ts';
import { DynamoRequestStore } from '../../lambdas/dsr/dynamo-request-store.ts';
import { makeTable } from './dynamo-table.ts';
import { requestStoreBehaviour } from './request-store-behaviour.ts';

/** Needs DynamoDB, or an emulator of it at AWS_ENDPOINT_URL. */
const client = new DynamoDBClient({});
afterAll(() => client.destroy());

requestStoreBehaviour(async () => {
  const { table, drop } = await makeTable(client);
  return { store: new DynamoRequestStore({ client, table }), close: drop };
});

const at = '2026-03-05T00:00:00.000Z';
const request = (id: string): ErasureRequest => ({
  id,
  regulation: 'gdpr',
  submittedAt: at,
  receivedAt: at,
  due: at,
  status: 'pending',
  pseudonyms: [`pseudonym-of-${id}`],
});
const ids = Array.from({ length: 60 }, (_, n) => `request-${String(n).padStart(2, '0')}`);
const batch: Batch = {
  id: 'one',
  pipeline: 'chat',
  openedAt: at,
  stage: 'opened',
  waitsUntil: at,
  requests: ids,
  subjects: ids.length,
  rounds: [{ kind: 'erasure', before: {}, runs: [] }],
};

/** A client that DynamoDB stops answering after so many calls, as when its process is killed. */
function dyingClient(calls: number): DynamoDBClient {
  const dying = new DynamoDBClient({});
  let left = calls;
  dying.middlewareStack.add(
    (next) => (args) => {
      left -= 1;
      return left < 0 ? Promise.reject(new Error('killed')) : next(args);
    },
    { step: 'initialize', name: 'dies' },
  );
  return dying;
}

test('an opening that dies anywhere is found and ended, and every request is in the batch once', async () => {
  for (const calls of [0, 1, 2, 3, 5, 9, 14, 18, 19]) {
    const { table, drop } = await makeTable(client);
    const store = new DynamoRequestStore({ client, table });
    for (const id of ids) await store.add(request(id));
    const dying = new DynamoRequestStore({ client: dyingClient(calls), table });
    await expect(dying.open(batch, at)).rejects.toThrow('killed');
    for (const interrupted of await store.interrupted()) await store.open(interrupted, at);
    const pending = await store.pending(1_000);
    if (pending.length > 0) await store.open({ ...batch, requests: pending.map(({ id }) => id) }, at);
    expect([calls, (await store.batch('one'))?.requests]).toEqual([calls, ids]);
    expect(await store.interrupted()).toEqual([]);
    expect(new Set((await store.requestsOf(ids)).map(({ batch: of }) => of))).toEqual(new Set(['one']));
    expect(await store.untold(1_000)).toHaveLength(2 * ids.length);
    await drop();
  }
});

test('all that is left of what has ended expires 24 months later', async () => {
  const { table, drop } = await makeTable(client);
  const store = new DynamoRequestStore({ client, table });
  for (const id of ids) await store.add(request(id));
  await store.add(request('withdrawn'));
  await store.cancel('withdrawn', at);
  await store.open(batch, at);
  await store.close({ ...batch, stage: 'closed', closedAt: at }, 'one.json', at);
  await store.refuse(at, 'event: invalid_type');
  await store.told(await store.untold(1_000));
  const { Items = [] } = await client.send(new ScanCommand({ TableName: table }));
  expect(Items.length).toBeGreaterThan(2 * ids.length);
  const kept = Items.filter(({ expires }) => Number(expires?.N) !== Date.parse('2028-03-05T00:00:00.000Z') / 1_000);
  expect(kept.map(({ pk, sk }) => [pk?.S, sk?.S])).toEqual([]);
  await drop();
});
