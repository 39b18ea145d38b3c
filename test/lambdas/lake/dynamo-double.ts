import { DynamoDBClient, TransactionCanceledException } from '@aws-sdk/client-dynamodb';
import { z } from 'zod';
import { type Asked, answering } from './answering.ts';

const value = z.looseObject({ S: z.string().optional(), N: z.string().optional() });
const item = z.record(z.string(), value);
type Item = z.infer<typeof item>;

const write = z.object({
  Item: item.optional(),
  Key: item.optional(),
  ConditionExpression: z.string().optional(),
  ExpressionAttributeValues: item.default({}),
});
const query = z.object({
  IndexName: z.string().optional(),
  KeyConditionExpression: z.string(),
  ExpressionAttributeValues: item,
});
const transaction = z.object({ TransactItems: z.array(z.object({ Put: write })) });

const keyOf = (of: Item) => `${of.pk?.S} ${of.sk?.S}`;

/** A client of a DynamoDB that lives in memory and knows the few expressions that the ledger uses. The ledger's own suite holds it to them. */
export function dynamoDouble(onAsked: (asked: Asked) => void = () => undefined): DynamoDBClient {
  const items = new Map<string, Item>();
  const holds = ({ ConditionExpression, ExpressionAttributeValues: values }: z.infer<typeof write>, old?: Item) => {
    if (ConditionExpression === undefined) return true;
    if (old === undefined) return ConditionExpression.includes('attribute_not_exists');
    if (old.run?.S === values[':run']?.S) return true;
    return ConditionExpression.includes('#until') && (old.until?.S ?? '') <= (values[':now']?.S ?? '');
  };
  const client = new DynamoDBClient({
    region: 'eu-central-1',
    credentials: { accessKeyId: 'a', secretAccessKey: 'b' },
  });
  return answering(client, (asked) => {
    onAsked(asked);
    switch (asked.operation) {
      case 'TransactWriteItems': {
        const puts = transaction.parse(asked.input).TransactItems.map(({ Put }) => Put);
        const reasons = puts.map((put) => {
          const old = items.get(keyOf(put.Item ?? {}));
          return holds(put, old) ? { Code: 'None' } : { Code: 'ConditionalCheckFailed', Item: old };
        });
        if (reasons.some(({ Code }) => Code !== 'None')) {
          const error = new TransactionCanceledException({ $metadata: {}, message: 'cancelled' });
          throw Object.assign(error, { CancellationReasons: reasons });
        }
        for (const { Item } of puts) if (Item !== undefined) items.set(keyOf(Item), Item);
        return {};
      }
      case 'PutItem': {
        const { Item = {} } = write.parse(asked.input);
        items.set(keyOf(Item), Item);
        return {};
      }
      case 'GetItem':
        return { Item: items.get(keyOf(write.parse(asked.input).Key ?? {})) };
      case 'UpdateItem': {
        const { Key = {}, ExpressionAttributeValues } = write.parse(asked.input);
        const old = items.get(keyOf(Key));
        items.set(keyOf(Key), { ...old, ...Key, record: ExpressionAttributeValues[':record'] ?? {} });
        return {};
      }
      case 'DeleteItem': {
        const request = write.parse(asked.input);
        const key = keyOf(request.Key ?? {});
        if (!holds(request, items.get(key)))
          throw Object.assign(new Error('no'), { name: 'ConditionalCheckFailedException' });
        items.delete(key);
        return {};
      }
      case 'Query':
        return { Items: found([...items.values()], query.parse(asked.input)) };
      default:
        throw new Error(`the double knows no ${asked.operation}`);
    }
  });
}

function found(
  all: readonly Item[],
  { IndexName, KeyConditionExpression, ExpressionAttributeValues: v }: z.infer<typeof query>,
) {
  if (IndexName !== undefined) {
    const runs = all.filter((one) => one.kind?.S === v[':kind']?.S);
    return runs.sort((left, right) => (right.startedAt?.S ?? '').localeCompare(left.startedAt?.S ?? ''));
  }
  const ofKey = all.filter((one) => one.pk?.S === v[':pk']?.S);
  const within = (sk: string) =>
    KeyConditionExpression.includes('begins_with')
      ? sk.startsWith(v[':sk']?.S ?? '')
      : sk >= (v[':from']?.S ?? '') && sk <= (v[':to']?.S ?? '');
  return ofKey
    .filter((one) => within(one.sk?.S ?? ''))
    .sort((left, right) => ((left.sk?.S ?? '') < (right.sk?.S ?? '') ? -1 : 1));
}
