import { createHash, randomUUID } from 'node:crypto';
import type { DynamoDBClient, TransactWriteItem } from '@aws-sdk/client-dynamodb';
import { estimateShape, refusalShape, requestShape, statusEventShape } from '../../core/dsr/request-records.ts';
import type {
  Batch,
  ErasureEstimate,
  ErasureRequest,
  OpenBatch,
  Refusal,
  RequestStatus,
  RequestStore,
  StatusEvent,
} from '../../core/dsr/request-store.ts';
import { type Item, keyOf, recordOf, sortKeyOf, text } from '../lake/dynamo-item.ts';
import { DynamoTable, type Outcome } from '../lake/dynamo-table.ts';
import { eachOf, piecesOf } from '../lake/side-by-side.ts';
import { DynamoBatches } from './dynamo-batches.ts';
import { expiryAfter } from './ledger-expiry.ts';

export interface DynamoRequestStoreProps {
  readonly client: DynamoDBClient;
  /** Table of `pk` and `sk`, which removes items when `expires` has come. */
  readonly table: string;
}

/**
 * One partition of DynamoDB takes about 500 of our writes a second. Requests and what is told of them are spread over so
 * many, by their ids, so that 100,000 of them can come in and go through in minutes.
 */
const shards = '0123456789abcdef'.split('');
/** A change of a request writes the request, an event and, at its end, the items of at most ten people: of 100 items that a transaction may have, 8 × 12 are used. */
const mostMoved = 8;
/** What works on many requests has so many calls on their way. */
const mostAtOnce = 16;

/**
 * The ledger of requests in one DynamoDB table of `pk` and `sk`: `requests#SHARD` by id, with `pending#SHARD` by age and
 * `person#PSEUDONYM` beside it; `untold#SHARD` by time; `refusals` by time; one item of `estimates`; and its {@link DynamoBatches}. What has ended
 * expires after 24 months.
 */
export class DynamoRequestStore implements RequestStore {
  readonly #table: DynamoTable;
  readonly #batches: DynamoBatches;

  constructor({ client, table }: DynamoRequestStoreProps) {
    this.#table = new DynamoTable(client, table);
    this.#batches = new DynamoBatches(this.#table);
  }

  async add(request: ErasureRequest): Promise<boolean> {
    const { id, pseudonyms, receivedAt, status } = request;
    const { written } = await this.#table.transact([
      this.#table.putting(
        { ...requestKey(id), record: text(JSON.stringify(request)), status: text(status) },
        { ConditionExpression: 'attribute_not_exists(pk)' },
      ),
      this.#table.putting(pendingKey(request)),
      this.#table.putting(eventItem({ at: receivedAt, request: id, status })),
      ...[...new Set(pseudonyms)].map((pseudonym) => this.#table.putting(keyOf(`person#${pseudonym}`, id))),
    ]);
    return written;
  }

  async request(id: string): Promise<ErasureRequest | undefined> {
    const item = await this.#table.get(requestKey(id));
    return item === undefined ? undefined : requestOf(item);
  }

  async requests(): Promise<ErasureRequest[]> {
    const items = await this.#inShards('requests');
    return inOrder(items.map(requestOf));
  }

  async requestsOf(ids: readonly string[]): Promise<ErasureRequest[]> {
    return inOrder((await this.#table.getAll([...new Set(ids)].map(requestKey))).map(requestOf));
  }

  async requestsFor(pseudonym: string): Promise<ErasureRequest[]> {
    return await this.requestsOf((await this.#table.partition(`person#${pseudonym}`)).map(sortKeyOf));
  }

  async pending(most: number): Promise<ErasureRequest[]> {
    const oldest = (await this.#inShards('pending', most)).map(sortKeyOf).sort().slice(0, most);
    const requests = await this.requestsOf(oldest.map((sk) => sk.slice(sk.indexOf('#') + 1)));
    return requests.filter(({ status }) => status === 'pending');
  }

  async cancel(id: string, at: string): Promise<boolean> {
    const request = await this.request(id);
    if (request?.status !== 'pending') return false;
    return (await this.#move([request], { status: 'cancelled', endedAt: at }, at)).written;
  }

  async open(batch: Batch, at: string): Promise<Batch | undefined> {
    await this.#batches.begin(batch);
    // Those that it has taken before an interruption are its own already.
    const looked = await this.#moveAll(batch.requests, 'pending', { status: 'in_progress', batch: batch.id }, at);
    const own = new Set(looked.flatMap((request) => (request.batch === batch.id ? [request.id] : [])));
    if (own.size === 0) {
      await this.#batches.giveUp(batch);
      return undefined;
    }
    return await this.#batches.open({ ...batch, requests: batch.requests.filter((id) => own.has(id)) });
  }

  async interrupted(): Promise<Batch[]> {
    return await this.#batches.begun();
  }

  async save(batch: Batch): Promise<void> {
    await this.#batches.save(batch);
  }

  async batch(id: string): Promise<Batch | undefined> {
    return await this.#batches.batch(id);
  }

  async batches(): Promise<Batch[]> {
    return await this.#batches.all();
  }

  async openBatches(): Promise<OpenBatch[]> {
    return await this.#batches.allOpen();
  }

  async discard(id: string): Promise<void> {
    await this.#batches.discard(id);
  }

  async keepEstimate(estimate: ErasureEstimate): Promise<void> {
    const record = text(JSON.stringify(estimate));
    await this.#table.put({ ...newestEstimate, record, expires: expiryAfter(estimate.at) });
  }

  async estimate(): Promise<ErasureEstimate | undefined> {
    const item = await this.#table.get(newestEstimate);
    return item === undefined ? undefined : estimateShape.parse(recordOf(item));
  }

  async close(batch: Batch, evidence: string, at: string): Promise<void> {
    await this.#moveAll(batch.requests, 'in_progress', { status: 'completed', evidence, endedAt: at }, at);
    await this.#batches.close(batch, at);
  }

  async untold(most: number): Promise<StatusEvent[]> {
    const items = await this.#inShards('untold', most);
    const oldest = items.sort((left, right) => (sortKeyOf(left) < sortKeyOf(right) ? -1 : 1));
    return oldest.slice(0, most).map((item) => statusEventShape.parse(recordOf(item)));
  }

  async told(events: readonly StatusEvent[]): Promise<void> {
    await this.#table.deleteAll(events.map(eventKey));
  }

  async refuse(at: string, reason: string): Promise<void> {
    const record = text(JSON.stringify({ at, reason }));
    await this.#table.put({ ...keyOf('refusals', `${at}#${randomUUID()}`), record, expires: expiryAfter(at) });
  }

  async refusals(): Promise<Refusal[]> {
    return (await this.#table.partition('refusals')).map((item) => refusalShape.parse(recordOf(item)));
  }

  /** The table's time to live does it. */
  async removeEnded(): Promise<void> {}

  /**
   * Changes those of some requests that have a status, and gives all of them as they are then. Those that change while they
   * are looked at are looked at again.
   */
  async #moveAll(
    ids: readonly string[],
    from: RequestStatus,
    change: Partial<ErasureRequest>,
    at: string,
  ): Promise<ErasureRequest[]> {
    const moved = await eachOf(piecesOf(ids, mostMoved), mostAtOnce, async (piece) => {
      for (;;) {
        const requests = (await this.#table.getAll(piece.map(requestKey))).map(requestOf);
        const moving = requests.filter(({ status }) => status === from);
        const { written } = await this.#move(moving, change, at);
        if (written) return requests.map((request) => (request.status === from ? { ...request, ...change } : request));
      }
    });
    return moved.flat();
  }

  /** Changes requests: none of them if one has another status by now. */
  async #move(requests: readonly ErasureRequest[], change: Partial<ErasureRequest>, at: string): Promise<Outcome> {
    return await this.#table.transact(
      requests.flatMap((request) => this.#writesOf(request, { ...request, ...change }, at)),
    );
  }

  #writesOf(request: ErasureRequest, next: ErasureRequest, at: string): TransactWriteItem[] {
    const expires = next.endedAt === undefined ? {} : { expires: expiryAfter(next.endedAt) };
    const people = next.endedAt === undefined ? [] : [...new Set(next.pseudonyms)];
    return [
      this.#table.putting(
        { ...requestKey(next.id), record: text(JSON.stringify(next)), status: text(next.status), ...expires },
        {
          ConditionExpression: '#status = :from',
          ExpressionAttributeNames: { '#status': 'status' },
          ExpressionAttributeValues: { ':from': text(request.status) },
        },
      ),
      this.#table.putting(eventItem({ at, request: next.id, status: next.status })),
      ...(request.status === 'pending' ? [this.#table.deleting(pendingKey(request))] : []),
      ...people.map((pseudonym) => this.#table.putting({ ...keyOf(`person#${pseudonym}`, next.id), ...expires })),
    ];
  }

  /** Items of a partition's shards, shard after shard, of each at most so many. */
  async #inShards(partition: string, most?: number): Promise<Item[]> {
    const limit = most === undefined ? {} : { most };
    const items = await eachOf(shards, shards.length, (shard) => this.#table.partition(`${partition}#${shard}`, limit));
    return items.flat();
  }
}

/** Ids may be anything that their senders make up: only their digest is spread evenly. */
function shardOf(id: string): string {
  return createHash('sha256').update(id).digest('hex').charAt(0);
}

const newestEstimate = keyOf('estimates', 'newest');

function requestKey(id: string): ReturnType<typeof keyOf> {
  return keyOf(`requests#${shardOf(id)}`, id);
}

function pendingKey({ id, receivedAt }: ErasureRequest): ReturnType<typeof keyOf> {
  return keyOf(`pending#${shardOf(id)}`, `${receivedAt}#${id}`);
}

/** Changes of the same instant are told in the order in which they can follow each other. */
const ranks: Record<RequestStatus, number> = { pending: 0, in_progress: 1, cancelled: 2, completed: 2 };

function eventKey({ at, request, status }: StatusEvent): ReturnType<typeof keyOf> {
  return keyOf(`untold#${shardOf(request)}`, `${at}#${ranks[status]}#${request}`);
}

function eventItem({ at, request, status }: StatusEvent): Item {
  return { ...eventKey({ at, request, status }), record: text(JSON.stringify({ at, request, status })) };
}

function requestOf(item: Item): ErasureRequest {
  return requestShape.parse(recordOf(item));
}

function inOrder(requests: readonly ErasureRequest[]): ErasureRequest[] {
  const age = ({ receivedAt, id }: ErasureRequest) => `${receivedAt}#${id}`;
  return [...requests].sort((left, right) => (age(left) < age(right) ? -1 : 1));
}
