import { DynamoDBClient, TransactionCanceledException, TransactionConflictException } from '@aws-sdk/client-dynamodb';
import { z } from 'zod';
import { keyOf } from '../../../lambdas/lake/dynamo-item.ts';
import { DynamoTable } from '../../../lambdas/lake/dynamo-table.ts';
import { type Asked, answering } from './answering.ts';

const keys = Array.from({ length: 230 }, (_, n) => keyOf('p', String(n).padStart(3, '0')));
const keyShape = z.record(z.string(), z.object({ S: z.string() }));
const reads = z.object({ RequestItems: z.object({ t: z.object({ Keys: z.array(keyShape).max(100) }) }) });
const deletions = z.object({
  RequestItems: z.object({ t: z.array(z.object({ DeleteRequest: z.object({ Key: keyShape }) })).max(25) }),
});

/** A table whose calls are answered by a function, and the pauses that it made. */
function tableOf(answer: (asked: Asked) => unknown): { table: DynamoTable; pauses: number[] } {
  const pauses: number[] = [];
  const client = new DynamoDBClient({
    region: 'eu-central-1',
    credentials: { accessKeyId: 'a', secretAccessKey: 'b' },
  });
  const sleep = async (millis: number) => {
    pauses.push(millis);
  };
  return { table: new DynamoTable(answering(client, answer), 't', sleep), pauses };
}

function cancelled(...CancellationReasons: readonly object[]): Error {
  const error = new TransactionCanceledException({ $metadata: {}, message: 'cancelled' });
  return Object.assign(error, { CancellationReasons });
}

test('what DynamoDB leaves unread is asked for again, until all is there', async () => {
  const { table, pauses } = tableOf(({ input }) => {
    const { Keys } = reads.parse(input).RequestItems.t;
    const given = Math.ceil(Keys.length / 2);
    return { Responses: { t: Keys.slice(0, given) }, UnprocessedKeys: { t: { Keys: Keys.slice(given) } } };
  });
  const items = await table.getAll(keys);
  expect(items.map(({ sk }) => sk?.S).sort()).toEqual(keys.map(({ sk }) => sk.S));
  // Pieces of 100, 100 and 30 items, halved until nothing is left: 7, 7 and 5 calls.
  expect(pauses).toHaveLength(6 + 6 + 4);
});

test('what DynamoDB leaves undeleted is deleted again, until nothing is left', async () => {
  const left = new Set(keys.map(({ sk }) => sk.S));
  const { table } = tableOf(({ input }) => {
    const requests = deletions.parse(input).RequestItems.t;
    const done = requests.splice(0, Math.ceil(requests.length / 2));
    for (const { DeleteRequest } of done) left.delete(DeleteRequest.Key.sk?.S ?? '');
    return { UnprocessedItems: { t: requests } };
  });
  await table.deleteAll(keys);
  expect([...left]).toEqual([]);
});

test('a deletion that meets a transaction is made when that is over', async () => {
  let met = 0;
  const { table, pauses } = tableOf(() => {
    if (met++ < 3) throw new TransactionConflictException({ $metadata: {}, message: 'conflict' });
    return {};
  });
  expect(await table.delete(keyOf('p', '000'))).toBe(true);
  expect(pauses).toHaveLength(3);
});

test('who gets nowhere is told so after twelve rounds', async () => {
  const { table, pauses } = tableOf(({ operation, input }) =>
    operation === 'BatchGetItem'
      ? { UnprocessedKeys: reads.parse(input).RequestItems }
      : { UnprocessedItems: deletions.parse(input).RequestItems },
  );
  await expect(table.getAll(keys.slice(0, 3))).rejects.toThrow('keeps leaving reads undone: run again later');
  expect(pauses).toHaveLength(11);
  await expect(table.deleteAll(keys.slice(0, 3))).rejects.toThrow('keeps leaving deletions undone: run again later');
  expect(pauses).toHaveLength(22);
});

test('a transaction that met others is tried again, and after twelve times says that it had no turn', async () => {
  let conflicts = 3;
  const { table, pauses } = tableOf(() => {
    conflicts -= 1;
    if (conflicts >= 0) throw cancelled({ Code: 'None' }, { Code: 'TransactionConflict' });
    return {};
  });
  const write = table.putting(keyOf('p', 's'));
  expect(await table.transact([write])).toEqual({ written: true });
  expect(pauses).toHaveLength(3);
  conflicts = 100;
  await expect(table.transact([write])).rejects.toMatchObject({ name: 'TurnTaken' });
  expect(conflicts).toBe(100 - 12);
});

test('a transaction that is refused says what stood in its way, and one that cannot succeed is not repeated', async () => {
  const item = { ...keyOf('p', 's'), run: { S: 'run-a' } };
  let reasons = [{ Code: 'TransactionConflict' }, { Code: 'ConditionalCheckFailed', Item: item }];
  let calls = 0;
  const { table } = tableOf(() => {
    calls += 1;
    throw cancelled(...reasons);
  });
  const write = table.putting(item);
  expect(await table.transact([write])).toEqual({ written: false, found: item });
  reasons = [{ Code: 'TransactionConflict' }, { Code: 'ValidationError', Item: item }];
  await expect(table.transact([write])).rejects.toThrow('cancelled');
  expect(calls).toBe(2);
});
