import { setTimeout } from 'node:timers/promises';
import {
  BatchGetItemCommand,
  BatchWriteItemCommand,
  DeleteItemCommand,
  type DynamoDBClient,
  GetItemCommand,
  type Put,
  PutItemCommand,
  QueryCommand,
  type QueryCommandInput,
  TransactionCanceledException,
  TransactionConflictException,
  type TransactWriteItem,
  TransactWriteItemsCommand,
  UpdateItemCommand,
} from '@aws-sdk/client-dynamodb';
import { TurnTaken } from '../../core/errors.ts';
import { type Item, text } from './dynamo-item.ts';
import { eachOf, piecesOf } from './side-by-side.ts';

/** What must hold of the item that is there, or not there, for a write to be made. */
export type Condition = Partial<
  Pick<
    Put,
    | 'ConditionExpression'
    | 'ExpressionAttributeNames'
    | 'ExpressionAttributeValues'
    | 'ReturnValuesOnConditionCheckFailure'
  >
>;

/** What came of a transaction. `found` is the item that stood in its way, if the write asked for it. */
export type Outcome = { readonly written: true } | { readonly written: false; readonly found: Item | undefined };

export type Query = Omit<QueryCommandInput, 'TableName' | 'Limit' | 'ExclusiveStartKey'>;

/** DynamoDB takes at most so many items in one transaction. */
export const mostInTransaction = 100;
/** DynamoDB gives at most so many items in one call, and deletes at most so many. */
const mostRead = 100;
const mostDeleted = 25;
/** What works on many items has so many calls on their way. */
const mostAtOnce = 16;
/** What DynamoDB leaves undone, or cancels because of others, is asked so often: with the pauses, for six seconds or so. */
const mostRounds = 12;
const othersWrite = 'Others keep writing the same records of the ledger: try again.';
/** Why DynamoDB cancels a transaction that may succeed the next time. */
const passing = new Set(['TransactionConflict', 'ThrottlingError', 'ProvisionedThroughputExceeded', 'None']);

/** A table of `pk` and `sk` with what every ledger in it does. All reads but those of an index see what was written last. */
export class DynamoTable {
  readonly #client: DynamoDBClient;
  readonly #name: string;
  readonly #sleep: (millis: number) => Promise<unknown>;

  /** `sleep` pauses between rounds. Default: it really does. */
  constructor(client: DynamoDBClient, name: string, sleep: (millis: number) => Promise<unknown> = setTimeout) {
    this.#client = client;
    this.#name = name;
    this.#sleep = sleep;
  }

  async get(key: Item): Promise<Item | undefined> {
    const read = new GetItemCommand({ TableName: this.#name, Key: key, ConsistentRead: true });
    return (await this.#client.send(read)).Item;
  }

  /** Items of some keys, each of which may be given once, in any order; those that are not there are left out. */
  async getAll(keys: readonly Item[]): Promise<Item[]> {
    const pieces = await eachOf(piecesOf(keys, mostRead), mostAtOnce, async (piece) => {
      const items: Item[] = [];
      let left = piece;
      for (let round = 0; left.length > 0; round++) {
        await this.#pause(round, 'reads');
        const { Responses, UnprocessedKeys } = await this.#client.send(
          new BatchGetItemCommand({ RequestItems: { [this.#name]: { Keys: left, ConsistentRead: true } } }),
        );
        items.push(...(Responses?.[this.#name] ?? []));
        left = UnprocessedKeys?.[this.#name]?.Keys ?? [];
      }
      return items;
    });
    return pieces.flat();
  }

  /** Items that a query finds, in its order, at most so many. */
  async query(query: Query, most = Number.POSITIVE_INFINITY): Promise<Item[]> {
    const items: Item[] = [];
    let next: Item | undefined;
    do {
      const page = await this.#client.send(
        new QueryCommand({
          TableName: this.#name,
          ...query,
          ...(Number.isFinite(most) ? { Limit: most } : {}),
          ...(next === undefined ? {} : { ExclusiveStartKey: next }),
        }),
      );
      items.push(...(page.Items ?? []));
      next = page.LastEvaluatedKey;
    } while (next !== undefined && items.length < most);
    return items.slice(0, most);
  }

  /** Items of a partition in the order of their sort keys. Default: whatever those begin with, and all of them. */
  async partition(
    pk: string,
    { prefix = '', most = Number.POSITIVE_INFINITY }: { readonly prefix?: string; readonly most?: number } = {},
  ): Promise<Item[]> {
    const of = { KeyConditionExpression: 'pk = :pk', ExpressionAttributeValues: { ':pk': text(pk) } };
    const narrowed = {
      KeyConditionExpression: 'pk = :pk and begins_with(sk, :sk)',
      ExpressionAttributeValues: { ':pk': text(pk), ':sk': text(prefix) },
    };
    return await this.query({ ...(prefix === '' ? of : narrowed), ConsistentRead: true }, most);
  }

  /** Writes an item; `false`, and nothing is written, when the condition does not hold. */
  async put(item: Item, condition: Condition = {}): Promise<boolean> {
    return await unlessRefused(
      this.#client.send(new PutItemCommand({ TableName: this.#name, Item: item, ...condition })),
    );
  }

  /** Sets one attribute of an item and leaves its others. */
  async set(key: Item, attribute: string, value: Item[string]): Promise<void> {
    await this.#client.send(
      new UpdateItemCommand({
        TableName: this.#name,
        Key: key,
        UpdateExpression: `set #${attribute} = :${attribute}`,
        ExpressionAttributeNames: { [`#${attribute}`]: attribute },
        ExpressionAttributeValues: { [`:${attribute}`]: value },
      }),
    );
  }

  /**
   * Deletes an item, if it is there; `false`, and nothing is deleted, when the condition does not hold.
   *
   * @throws TurnTaken when transactions keep getting in the way.
   */
  async delete(key: Item, condition: Condition = {}): Promise<boolean> {
    for (let attempt = 0; attempt < mostRounds; attempt++) {
      try {
        return await unlessRefused(
          this.#client.send(new DeleteItemCommand({ TableName: this.#name, Key: key, ...condition })),
        );
      } catch (error) {
        if (!(error instanceof TransactionConflictException)) throw error;
      }
      await this.#sleep(pauseAfter(attempt));
    }
    throw new TurnTaken(othersWrite);
  }

  /** Deletes the items of some keys, each of which may be given once. */
  async deleteAll(keys: readonly Item[]): Promise<void> {
    await eachOf(piecesOf(keys, mostDeleted), mostAtOnce, async (piece) => {
      let left = piece;
      for (let round = 0; left.length > 0; round++) {
        await this.#pause(round, 'deletions');
        const { UnprocessedItems } = await this.#client.send(
          new BatchWriteItemCommand({
            RequestItems: { [this.#name]: left.map((Key) => ({ DeleteRequest: { Key } })) },
          }),
        );
        left = (UnprocessedItems?.[this.#name] ?? []).flatMap(({ DeleteRequest }) =>
          DeleteRequest?.Key === undefined ? [] : [DeleteRequest.Key],
        );
      }
    });
  }

  /** A write of a transaction that puts an item. */
  putting(item: Item, condition: Condition = {}): TransactWriteItem {
    return { Put: { TableName: this.#name, Item: item, ...condition } };
  }

  /** A write of a transaction that deletes an item, if it is there. */
  deleting(key: Item, condition: Condition = {}): TransactWriteItem {
    return { Delete: { TableName: this.#name, Key: key, ...condition } };
  }

  /**
   * Makes at most {@link mostInTransaction} writes, all together or, when a condition does not hold, none.
   *
   * @throws TurnTaken when other transactions keep getting in the way.
   */
  async transact(writes: readonly TransactWriteItem[]): Promise<Outcome> {
    if (writes.length === 0) return { written: true };
    for (let attempt = 0; attempt < mostRounds; attempt++) {
      try {
        await this.#client.send(new TransactWriteItemsCommand({ TransactItems: [...writes] }));
        return { written: true };
      } catch (error) {
        if (!(error instanceof TransactionCanceledException)) throw error;
        const reasons = error.CancellationReasons ?? [];
        const refused = reasons.find(({ Code }) => Code === 'ConditionalCheckFailed');
        if (refused !== undefined) return { written: false, found: refused.Item };
        if (!reasons.every(({ Code }) => passing.has(Code ?? 'None'))) throw error;
      }
      await this.#sleep(pauseAfter(attempt));
    }
    throw new TurnTaken(othersWrite);
  }

  /** @throws Error when so many rounds have left something undone that there is no use in another one. */
  async #pause(round: number, what: string): Promise<void> {
    if (round === 0) return;
    if (round === mostRounds) throw new Error(`DynamoDB keeps leaving ${what} undone: run again later`);
    await this.#sleep(pauseAfter(round - 1));
  }
}

/** Milliseconds, longer each time, and never the same for two that meet. */
function pauseAfter(attempt: number): number {
  return Math.random() * Math.min(2_000, 20 * 2 ** attempt);
}

async function unlessRefused(write: Promise<unknown>): Promise<boolean> {
  try {
    await write;
    return true;
  } catch (error) {
    if (error instanceof Error && error.name === 'ConditionalCheckFailedException') return false;
    throw error;
  }
}
