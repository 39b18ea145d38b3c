import { DynamoDBClient, TransactionCanceledException } from '@aws-sdk/client-dynamodb';
import { z } from 'zod';
import { type Asked, answering } from './answering.ts';

const value = z.looseObject({ S: z.string().optional(), N: z.string().optional() });
const item = z.record(z.string(), value);
export type Item = z.infer<typeof item>;

const write = z.object({
  TableName: z.string(),
  Item: item.optional(),
  Key: item.optional(),
  ConditionExpression: z.string().optional(),
  ExpressionAttributeValues: item.default({}),
});
type Write = z.infer<typeof write>;
/** Ledgers decide by what was written last: a read that may miss it is refused. Here none would, and no test would notice. */
const consistent = { ConsistentRead: z.literal(true) };
const read = z.object({ TableName: z.string(), Key: item, ...consistent });
const query = z
  .object({
    TableName: z.string(),
    IndexName: z.string().optional(),
    KeyConditionExpression: z.string(),
    ExpressionAttributeValues: item,
    Limit: z.int().optional(),
    ExclusiveStartKey: item.optional(),
    ConsistentRead: z.literal(true).optional(),
  })
  // DynamoDB has no such reads of an index.
  .refine(({ IndexName, ConsistentRead }) => (IndexName === undefined) === (ConsistentRead === true));
const transaction = z.object({
  TransactItems: z.array(z.union([z.object({ Put: write }), z.object({ Delete: write })])).max(100),
});
const reads = z.object({
  RequestItems: z.record(z.string(), z.object({ Keys: z.array(item).max(100), ...consistent })),
});
const deletions = z.object({
  RequestItems: z.record(z.string(), z.array(z.object({ DeleteRequest: z.object({ Key: item }) })).max(25)),
});

const keyOf = (table: string, of: Item) => `${table} ${of.pk?.S} ${of.sk?.S}`;
/** As a page of DynamoDB's ends after a megabyte. */
const mostInPage = 90;

/** A client of a DynamoDB that lives in memory and knows the few expressions that ledgers use. The ledgers' own suites hold it to them. */
export function dynamoDouble(
  onAsked: (asked: Asked) => void = () => undefined,
  items = new Map<string, Item>(),
): DynamoDBClient {
  const client = new DynamoDBClient({
    region: 'eu-central-1',
    credentials: { accessKeyId: 'a', secretAccessKey: 'b' },
  });
  return answering(client, (asked) => {
    onAsked(asked);
    switch (asked.operation) {
      case 'TransactWriteItems': {
        const writes = transaction.parse(asked.input).TransactItems.map((one) => ('Put' in one ? one.Put : one.Delete));
        const keys = writes.map(keyOfWrite);
        if (new Set(keys).size < keys.length) throw new Error('a transaction may not write one item twice');
        const reasons = writes.map((one) => {
          const old = items.get(keyOfWrite(one));
          return holds(one, old) ? { Code: 'None' } : { Code: 'ConditionalCheckFailed', Item: old };
        });
        if (reasons.some(({ Code }) => Code !== 'None')) {
          const error = new TransactionCanceledException({ $metadata: {}, message: 'cancelled' });
          throw Object.assign(error, { CancellationReasons: reasons });
        }
        for (const one of writes) {
          if (one.Item === undefined) items.delete(keyOfWrite(one));
          else items.set(keyOfWrite(one), one.Item);
        }
        return {};
      }
      case 'PutItem': {
        const put = write.parse(asked.input);
        if (!holds(put, items.get(keyOfWrite(put)))) throw refused();
        items.set(keyOfWrite(put), put.Item ?? {});
        return {};
      }
      case 'GetItem': {
        const { TableName, Key } = read.parse(asked.input);
        return { Item: items.get(keyOf(TableName, Key)) };
      }
      case 'UpdateItem': {
        const { TableName, Key = {}, ExpressionAttributeValues } = write.parse(asked.input);
        const key = keyOf(TableName, Key);
        items.set(key, { ...items.get(key), ...Key, record: ExpressionAttributeValues[':record'] ?? {} });
        return {};
      }
      case 'DeleteItem': {
        const request = write.parse(asked.input);
        if (!holds(request, items.get(keyOfWrite(request)))) throw refused();
        items.delete(keyOfWrite(request));
        return {};
      }
      case 'BatchGetItem': {
        const wanted = Object.entries(reads.parse(asked.input).RequestItems);
        return {
          Responses: Object.fromEntries(
            wanted.map(([table, { Keys }]) => [table, Keys.flatMap((key) => items.get(keyOf(table, key)) ?? [])]),
          ),
        };
      }
      case 'BatchWriteItem': {
        for (const [table, requests] of Object.entries(deletions.parse(asked.input).RequestItems)) {
          for (const { DeleteRequest } of requests) items.delete(keyOf(table, DeleteRequest.Key));
        }
        return {};
      }
      case 'Query':
        return page(items, query.parse(asked.input));
      default:
        throw new Error(`the double knows no ${asked.operation}`);
    }
  });
}

function keyOfWrite({ TableName, Item, Key }: Write): string {
  return keyOf(TableName, Item ?? Key ?? {});
}

function refused(): Error {
  return Object.assign(new Error('no'), { name: 'ConditionalCheckFailedException' });
}

/** Terms joined by `or`, each about one attribute. */
function holds({ ConditionExpression, ExpressionAttributeValues: values }: Write, old: Item | undefined): boolean {
  if (ConditionExpression === undefined) return true;
  return ConditionExpression.split(' or ').some((term) => {
    if (term.startsWith('attribute_not_exists')) return old === undefined;
    if (term.startsWith('attribute_exists')) return old !== undefined;
    const [, name = '', operator, to = ''] = /^#(\w+) (=|<=) (:\w+)$/.exec(term) ?? [];
    const [is, wanted] = [old?.[name]?.S, values[to]?.S];
    if (operator === undefined || wanted === undefined) throw new Error(`the double knows no condition ${term}`);
    return is !== undefined && (operator === '=' ? is === wanted : is <= wanted);
  });
}

function page(items: ReadonlyMap<string, Item>, request: z.infer<typeof query>) {
  const own = [...items].flatMap(([key, one]) => (key.startsWith(`${request.TableName} `) ? [one] : []));
  const all = found(own, request);
  const after = request.ExclusiveStartKey?.sk?.S;
  const rest = after === undefined ? all : all.filter(({ sk }) => (sk?.S ?? '') > after);
  const Items = rest.slice(0, Math.min(request.Limit ?? mostInPage, mostInPage));
  const last = Items.at(-1);
  return rest.length > Items.length && last !== undefined ? { Items, LastEvaluatedKey: last } : { Items };
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
  const within = (sk: string) => {
    if (KeyConditionExpression.includes('begins_with')) return sk.startsWith(v[':sk']?.S ?? '');
    if (!KeyConditionExpression.includes('between')) return true;
    return sk >= (v[':from']?.S ?? '') && sk <= (v[':to']?.S ?? '');
  };
  return ofKey
    .filter((one) => within(one.sk?.S ?? ''))
    .sort((left, right) => ((left.sk?.S ?? '') < (right.sk?.S ?? '') ? -1 : 1));
}
