import { createHash, randomUUID } from 'node:crypto';
import { gunzipSync, gzipSync } from 'node:zlib';
import {
  type AttributeValue,
  BatchGetItemCommand,
  BatchWriteItemCommand,
  type DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
  QueryCommand,
  type TransactWriteItem,
} from '@aws-sdk/client-dynamodb';
import {
  batchShape,
  openBatchShape,
  refusalShape,
  requestShape,
  statusEventShape,
} from '../../core/dsr/request-records.ts';
import {
  type Batch,
  type ErasureRequest,
  ledgerMonths,
  monthsAfter,
  type OpenBatch,
  type Refusal,
  type RequestStatus,
  type RequestStore,
  type StatusEvent,
} from '../../core/dsr/request-store.ts';
import { eachOf, piecesOf } from './side-by-side.ts';
import { transact } from './transact.ts';

export interface DynamoRequestStoreProps {
  readonly client: DynamoDBClient;
  /** Table of `pk` and `sk`, which removes items when `expires` has come. */
  readonly table: string;
}

type Item = Record<string, AttributeValue>;

/**
 * One partition of DynamoDB takes about 500 of our writes a second. Requests and what is told of them are spread over so
 * many, by their ids, so that 100,000 of them can come in and go through in minutes.
 */
const shards = '0123456789abcdef'.split('');
/** A change of a request writes the request, an event and, at its end, the items of at most ten people: of 100 items that a transaction may have, 8 × 12 are used. */
const mostMoved = 8;
/** DynamoDB deletes at most so many items at once, and gives at most so many. */
const mostDeleted = 25;
const mostRead = 100;
/** What works on many requests has so many calls on their way. */
const mostAtOnce = 16;
/** An item may have 400 KB. */
const partBytes = 350_000;
/** Ids of requests in one item of a batch: 36 bytes each, and one more. */
const idsInItem = 9_000;

/**
 * The ledger of requests in one DynamoDB table of `pk` and `sk`: `requests#SHARD` by id, with `pending#SHARD` by age and
 * `person#PSEUDONYM` beside it; `untold#SHARD` by time; `batch#BATCH` in parts, listed in `batches`, `open-batches` and, while
 * its requests are being taken, `openings`; `refusals` by time. What has ended expires after 24 months.
 */
export class DynamoRequestStore implements RequestStore {
  readonly #props: DynamoRequestStoreProps;

  constructor(props: DynamoRequestStoreProps) {
    this.#props = props;
  }

  async add(request: ErasureRequest): Promise<boolean> {
    const { id, pseudonyms, receivedAt, status } = request;
    const outcome = await this.#transact([
      this.#put(
        { ...requestKey(id), record: text(JSON.stringify(request)), status: text(status) },
        { ConditionExpression: 'attribute_not_exists(pk)' },
      ),
      this.#put(pendingKey(request)),
      this.#put(eventItem({ at: receivedAt, request: id, status })),
      ...[...new Set(pseudonyms)].map((pseudonym) => this.#put(key(`person#${pseudonym}`, id))),
    ]);
    return outcome === 'written';
  }

  async request(id: string): Promise<ErasureRequest | undefined> {
    const item = await this.#get(requestKey(id));
    return item === undefined ? undefined : requestOf(item);
  }

  async requests(): Promise<ErasureRequest[]> {
    const items = await eachOf(shards, shards.length, (shard) => this.#query(`requests#${shard}`));
    return inOrder(items.flat().map(requestOf));
  }

  async requestsOf(ids: readonly string[]): Promise<ErasureRequest[]> {
    const pieces = piecesOf([...new Set(ids)].map(requestKey), mostRead);
    const items = await eachOf(pieces, mostAtOnce, (keys) => this.#getAll(keys));
    return inOrder(items.flat().map(requestOf));
  }

  async requestsFor(pseudonym: string): Promise<ErasureRequest[]> {
    return await this.requestsOf((await this.#query(`person#${pseudonym}`)).map(sortKeyOf));
  }

  async pending(most: number): Promise<ErasureRequest[]> {
    const items = await eachOf(shards, shards.length, (shard) => this.#query(`pending#${shard}`, most));
    const oldest = items.flat().map(sortKeyOf).sort().slice(0, most);
    const requests = await this.requestsOf(oldest.map((sk) => sk.slice(sk.indexOf('#') + 1)));
    return requests.filter(({ status }) => status === 'pending');
  }

  async cancel(id: string, at: string): Promise<boolean> {
    const request = await this.request(id);
    if (request?.status !== 'pending') return false;
    const outcome = await this.#transact(this.#move(request, { ...request, status: 'cancelled', endedAt: at }, at));
    return outcome === 'written';
  }

  async open(batch: Batch, at: string): Promise<Batch | undefined> {
    // Before any request is taken, so that a crash leaves a trace of which were.
    const opening = this.#put({
      ...key('openings', batch.id),
      record: { B: gzipSync(JSON.stringify({ ...batch, requests: [] })) },
    });
    await this.#putIds(batch, 'candidates#', expiryAfter(batch.openedAt));
    await this.#transact([opening]);
    return await this.#take(batch, at);
  }

  async interrupted(): Promise<Batch[]> {
    const openings = await this.#query('openings');
    return await eachOf(openings, 1, async (item) => ({
      ...batchShape.parse(JSON.parse(gunzipSync(item.record?.B ?? '').toString())),
      requests: await this.#ids(sortKeyOf(item), 'candidates#'),
    }));
  }

  /** Takes the requests that are pending into a batch; those that it has taken before an interruption are its own already. */
  async #take(batch: Batch, at: string): Promise<Batch | undefined> {
    const pieces = piecesOf(batch.requests, mostMoved);
    const taken = await eachOf(pieces, mostAtOnce, (ids) =>
      this.#moveAll(ids, 'pending', (request) => ({ ...request, status: 'in_progress', batch: batch.id }), at),
    );
    const own = new Set(taken.flat().flatMap((request) => (request.batch === batch.id ? [request.id] : [])));
    const opened = { ...batch, requests: batch.requests.filter((id) => own.has(id)) };
    const done: TransactWriteItem = {
      Delete: {
        TableName: this.#props.table,
        Key: key('openings', batch.id),
        ConditionExpression: 'attribute_exists(pk)',
      },
    };
    if (own.size === 0) {
      await this.#transact([done]);
      return undefined;
    }
    await this.#putIds(opened, 'requests#');
    const listed = this.#put(key('batches', `${batch.openedAt}#${batch.id}`));
    const outcome = await this.#transact([done, listed, ...this.#state(opened)]);
    // Somebody else has ended the same opening.
    return outcome === 'written' ? opened : await this.batch(batch.id);
  }

  async save(batch: Batch): Promise<void> {
    await this.#transact(this.#state(batch));
  }

  async batch(id: string): Promise<Batch | undefined> {
    const parts = await this.#query(`batch#${id}`, undefined, 'record#');
    const [first] = parts;
    if (first === undefined) return undefined;
    // A save may have come between two pages, and an earlier one may have had more parts.
    const own = parts.slice(0, Number(first.parts?.N));
    if (own.some(({ revision }) => revision?.S !== first.revision?.S)) return await this.batch(id);
    const record = JSON.parse(gunzipSync(Buffer.concat(own.map((part) => part.record?.B ?? Buffer.of()))).toString());
    return batchShape.parse({ ...record, requests: await this.#ids(id, 'requests#') });
  }

  async batches(): Promise<Batch[]> {
    const listed = (await this.#query('batches')).map(sortKeyOf);
    const found = await eachOf(listed, mostAtOnce, (sk) => this.batch(sk.slice(sk.indexOf('#') + 1)));
    return found.filter((batch) => batch !== undefined);
  }

  async openBatches(): Promise<OpenBatch[]> {
    return (await this.#query('open-batches')).map((item) => openBatchShape.parse(recordOf(item)));
  }

  async close(batch: Batch, evidence: string, at: string): Promise<void> {
    const end = { status: 'completed', evidence, endedAt: at } as const;
    await eachOf(piecesOf(batch.requests, mostMoved), mostAtOnce, (ids) =>
      this.#moveAll(ids, 'in_progress', (request) => ({ ...request, ...end }), at),
    );
    const expires = expiryAfter(at);
    await this.#putIds(batch, 'requests#', expires);
    await this.#transact([
      this.#put({ ...key('batches', `${batch.openedAt}#${batch.id}`), expires }),
      ...this.#state(batch, expires),
    ]);
  }

  async untold(most: number): Promise<StatusEvent[]> {
    const items = await eachOf(shards, shards.length, (shard) => this.#query(`untold#${shard}`, most));
    const oldest = items.flat().sort((left, right) => (sortKeyOf(left) < sortKeyOf(right) ? -1 : 1));
    return oldest.slice(0, most).map((item) => statusEventShape.parse(recordOf(item)));
  }

  async told(events: readonly StatusEvent[]): Promise<void> {
    const { client, table } = this.#props;
    const deletions = events.map((event) => ({ DeleteRequest: { Key: eventKey(event) } }));
    await eachOf(piecesOf(deletions, mostDeleted), mostAtOnce, async (piece) => {
      // What DynamoDB leaves undone is told again, as anything may be.
      await client.send(new BatchWriteItemCommand({ RequestItems: { [table]: piece } }));
    });
  }

  async refuse(at: string, reason: string): Promise<void> {
    const { client, table } = this.#props;
    const record = text(JSON.stringify({ at, reason }));
    const item = { ...key('refusals', `${at}#${randomUUID()}`), record, expires: expiryAfter(at) };
    await client.send(new PutItemCommand({ TableName: table, Item: item }));
  }

  async refusals(): Promise<Refusal[]> {
    return (await this.#query('refusals')).map((item) => refusalShape.parse(recordOf(item)));
  }

  /** The table's time to live does it. */
  async removeEnded(): Promise<void> {}

  /**
   * Changes those of some requests that have a status, and gives all of them as they are then. One that changes while it is
   * looked at is looked at again.
   */
  async #moveAll(
    ids: readonly string[],
    from: RequestStatus,
    change: (request: ErasureRequest) => ErasureRequest,
    at: string,
  ): Promise<ErasureRequest[]> {
    for (;;) {
      const requests = (await this.#getAll(ids.map(requestKey))).map(requestOf);
      const moving = requests.filter(({ status }) => status === from);
      const outcome = await this.#transact(moving.flatMap((request) => this.#move(request, change(request), at)));
      if (outcome === 'written')
        return requests.map((request) => (request.status === from ? change(request) : request));
    }
  }

  /** What one change of a request's status writes: nothing at all if it has another status by now. */
  #move(request: ErasureRequest, next: ErasureRequest, at: string): TransactWriteItem[] {
    const { table } = this.#props;
    const expires = next.endedAt === undefined ? {} : { expires: expiryAfter(next.endedAt) };
    return [
      this.#put(
        { ...requestKey(next.id), record: text(JSON.stringify(next)), status: text(next.status), ...expires },
        {
          ConditionExpression: '#status = :from',
          ExpressionAttributeNames: { '#status': 'status' },
          ExpressionAttributeValues: { ':from': text(request.status) },
        },
      ),
      this.#put(eventItem({ at, request: next.id, status: next.status })),
      ...(request.status === 'pending' ? [{ Delete: { TableName: table, Key: pendingKey(request) } }] : []),
      ...(next.endedAt === undefined
        ? []
        : [...new Set(next.pseudonyms)].map((pseudonym) =>
            this.#put({ ...key(`person#${pseudonym}`, next.id), ...expires }),
          )),
    ];
  }

  /** What saves a batch without its requests, which never change once it is open. */
  #state(batch: Batch, expires?: AttributeValue): TransactWriteItem[] {
    const { requests: _, ...record } = batch;
    const bytes = gzipSync(JSON.stringify(record));
    const count = Math.ceil(bytes.length / partBytes);
    const common = {
      parts: { N: String(count) },
      revision: text(randomUUID()),
      ...(expires === undefined ? {} : { expires }),
    };
    const parts = Array.from({ length: count }, (_part, n) =>
      this.#put({
        ...key(`batch#${batch.id}`, numbered('record#', n)),
        ...common,
        record: { B: bytes.subarray(n * partBytes, (n + 1) * partBytes) },
      }),
    );
    const { id, pipeline, openedAt, stage, waitsUntil } = batch;
    const listed = key('open-batches', `${openedAt}#${id}`);
    const state: OpenBatch = { id, pipeline, openedAt, stage, waitsUntil };
    return [
      stage === 'closed'
        ? { Delete: { TableName: this.#props.table, Key: listed } }
        : this.#put({ ...listed, record: text(JSON.stringify(state)) }),
      ...parts,
    ];
  }

  async #putIds(batch: Batch, prefix: string, expires?: AttributeValue): Promise<void> {
    await eachOf([...piecesOf(batch.requests, idsInItem).entries()], mostAtOnce, async ([n, ids]) => {
      const item = { ...key(`batch#${batch.id}`, numbered(prefix, n)), ids: text(ids.join(' ')) };
      const { client, table } = this.#props;
      await client.send(
        new PutItemCommand({ TableName: table, Item: expires === undefined ? item : { ...item, expires } }),
      );
    });
  }

  async #ids(batch: string, prefix: string): Promise<string[]> {
    const items = await this.#query(`batch#${batch}`, undefined, prefix);
    return items.flatMap(({ ids }) => ids?.S?.split(' ') ?? []);
  }

  #put(item: Item, condition: Partial<NonNullable<TransactWriteItem['Put']>> = {}): TransactWriteItem {
    return { Put: { TableName: this.#props.table, Item: item, ...condition } };
  }

  async #transact(items: readonly TransactWriteItem[]): Promise<'written' | 'refused'> {
    return items.length === 0 ? 'written' : await transact(this.#props.client, items);
  }

  async #get(itemKey: Item): Promise<Item | undefined> {
    const { client, table } = this.#props;
    const { Item } = await client.send(new GetItemCommand({ TableName: table, Key: itemKey, ConsistentRead: true }));
    return Item;
  }

  async #getAll(keys: readonly Item[]): Promise<Item[]> {
    const { client, table } = this.#props;
    const items: Item[] = [];
    let left: Item[] = [...keys];
    while (left.length > 0) {
      const { Responses, UnprocessedKeys } = await client.send(
        new BatchGetItemCommand({ RequestItems: { [table]: { Keys: left, ConsistentRead: true } } }),
      );
      items.push(...(Responses?.[table] ?? []));
      left = UnprocessedKeys?.[table]?.Keys ?? [];
    }
    return items;
  }

  /** Items of a partition in the order of their sort keys. */
  async #query(pk: string, most = Number.POSITIVE_INFINITY, prefix = ''): Promise<Item[]> {
    const { client, table } = this.#props;
    const items: Item[] = [];
    let next: Item | undefined;
    do {
      const page = await client.send(
        new QueryCommand({
          TableName: table,
          KeyConditionExpression: prefix === '' ? 'pk = :pk' : 'pk = :pk and begins_with(sk, :sk)',
          ExpressionAttributeValues: { ':pk': text(pk), ...(prefix === '' ? {} : { ':sk': text(prefix) }) },
          ConsistentRead: true,
          ...(Number.isFinite(most) ? { Limit: most } : {}),
          ...(next === undefined ? {} : { ExclusiveStartKey: next }),
        }),
      );
      items.push(...(page.Items ?? []));
      next = page.LastEvaluatedKey;
    } while (next !== undefined && items.length < most);
    return items.slice(0, most);
  }
}

function text(value: string): { S: string } {
  return { S: value };
}

function key(pk: string, sk: string): { pk: { S: string }; sk: { S: string } } {
  return { pk: text(pk), sk: text(sk) };
}

/** Ids may be anything that their senders make up: only their digest is spread evenly. */
function shardOf(id: string): string {
  return createHash('sha256').update(id).digest('hex').charAt(0);
}

function requestKey(id: string): ReturnType<typeof key> {
  return key(`requests#${shardOf(id)}`, id);
}

function pendingKey({ id, receivedAt }: ErasureRequest): ReturnType<typeof key> {
  return key(`pending#${shardOf(id)}`, `${receivedAt}#${id}`);
}

/** Changes of the same instant are told in the order in which they can follow each other. */
const ranks: Record<RequestStatus, number> = { pending: 0, in_progress: 1, cancelled: 2, completed: 2 };

function eventKey({ at, request, status }: StatusEvent): ReturnType<typeof key> {
  return key(`untold#${shardOf(request)}`, `${at}#${ranks[status]}#${request}`);
}

function eventItem({ at, request, status }: StatusEvent): Item {
  return { ...eventKey({ at, request, status }), record: text(JSON.stringify({ at, request, status })) };
}

function numbered(prefix: string, n: number): string {
  return `${prefix}${String(n).padStart(4, '0')}`;
}

/** When an item goes that ended at an instant: epoch seconds, as DynamoDB's time to live has them. */
function expiryAfter(at: string): { N: string } {
  return { N: String(Math.floor(monthsAfter(new Date(at), ledgerMonths).getTime() / 1_000)) };
}

function sortKeyOf({ sk }: Item): string {
  return sk?.S ?? '';
}

function recordOf(item: Item): unknown {
  return JSON.parse(item.record?.S ?? 'null');
}

function requestOf(item: Item): ErasureRequest {
  return requestShape.parse(recordOf(item));
}

function inOrder(requests: readonly ErasureRequest[]): ErasureRequest[] {
  const age = ({ receivedAt, id }: ErasureRequest) => `${receivedAt}#${id}`;
  return [...requests].sort((left, right) => (age(left) < age(right) ? -1 : 1));
}
