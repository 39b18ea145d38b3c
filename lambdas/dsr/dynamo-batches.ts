import { randomUUID } from 'node:crypto';
import { gunzipSync, gzipSync } from 'node:zlib';
import type { TransactWriteItem } from '@aws-sdk/client-dynamodb';
import { batchShape, openBatchShape } from '../../core/dsr/request-records.ts';
import type { Batch, OpenBatch } from '../../core/dsr/request-store.ts';
import { type Item, keyOf, recordOf, sortKeyOf, text } from '../lake/dynamo-item.ts';
import type { DynamoTable } from '../lake/dynamo-table.ts';
import { eachOf, piecesOf } from '../lake/side-by-side.ts';
import { expiryAfter } from './ledger-expiry.ts';

/** An item may have 400 KB. */
const partBytes = 350_000;
/** Ids of requests in one item of a batch: 36 bytes each, and one more. */
const idsInItem = 9_000;
/** Items of a batch are written, and batches read, so many at once. */
const mostAtOnce = 16;

/**
 * The batches of a ledger of requests: `batch#BATCH` in parts, listed in `batches`, `open-batches` and, while its requests
 * are being taken, `openings`. What has ended expires.
 */
export class DynamoBatches {
  readonly #table: DynamoTable;

  constructor(table: DynamoTable) {
    this.#table = table;
  }

  /** Notes which requests a batch is after, before it takes any: a crash leaves a trace of which were. */
  async begin(batch: Batch): Promise<void> {
    await this.#putIds(batch, 'candidates#', expiryAfter(batch.openedAt));
    const record = { B: packed({ ...batch, requests: [] }) };
    await this.#table.transact([this.#table.putting({ ...keyOf('openings', batch.id), record })]);
  }

  /** Batches that were begun, and neither opened nor given up. */
  async begun(): Promise<Batch[]> {
    return await eachOf(await this.#table.partition('openings'), 1, async (item) => ({
      ...batchShape.parse(unpacked([item])),
      requests: await this.#ids(sortKeyOf(item), 'candidates#'),
    }));
  }

  /** Strikes out a batch that has found no request to take. */
  async giveUp({ id }: Batch): Promise<void> {
    await this.#table.transact([this.#begunNoMore(id)]);
  }

  /** Opens a batch that was begun, with the requests that it has taken; gives it as it is if somebody else has done so. */
  async open(batch: Batch): Promise<Batch | undefined> {
    await this.#putIds(batch, 'requests#');
    const listed = this.#table.putting(listedKey(batch));
    const { written } = await this.#table.transact([this.#begunNoMore(batch.id), listed, ...this.#state(batch)]);
    return written ? batch : await this.batch(batch.id);
  }

  #begunNoMore(id: string): TransactWriteItem {
    return this.#table.deleting(keyOf('openings', id), { ConditionExpression: 'attribute_exists(pk)' });
  }

  async save(batch: Batch): Promise<void> {
    await this.#table.transact(this.#state(batch));
  }

  async batch(id: string): Promise<Batch | undefined> {
    const parts = await this.#table.partition(`batch#${id}`, { prefix: 'record#' });
    const [first] = parts;
    if (first === undefined) return undefined;
    // A save may have come between two pages, and an earlier one may have had more parts.
    const own = parts.slice(0, Number(first.parts?.N));
    if (own.some(({ revision }) => revision?.S !== first.revision?.S)) return await this.batch(id);
    return batchShape.parse({ ...unpacked(own), requests: await this.#ids(id, 'requests#') });
  }

  /** All batches, oldest first. */
  async all(): Promise<Batch[]> {
    const listed = (await this.#table.partition('batches')).map(sortKeyOf);
    const found = await eachOf(listed, mostAtOnce, (sk) => this.batch(sk.slice(sk.indexOf('#') + 1)));
    return found.filter((batch) => batch !== undefined);
  }

  /** Batches that are not closed, oldest first, and what dry runs work on. */
  async allOpen(): Promise<OpenBatch[]> {
    return (await this.#table.partition('open-batches')).map((item) => openBatchShape.parse(recordOf(item)));
  }

  /** Saves a batch that ended at an instant. */
  async close(batch: Batch, at: string): Promise<void> {
    const expires = expiryAfter(at);
    await this.#putIds(batch, 'requests#', expires);
    const listed = this.#table.putting({ ...listedKey(batch), expires });
    await this.#table.transact([listed, ...this.#state(batch, expires)]);
  }

  /** Removes one that no request is in, if it is there. */
  async discard(id: string): Promise<void> {
    const listed = (await this.#table.partition('open-batches')).filter((item) => sortKeyOf(item).endsWith(`#${id}`));
    const parts = await this.#table.partition(`batch#${id}`);
    await this.#table.transact(
      [...parts, ...listed].map(({ pk, sk }) => this.#table.deleting(keyOf(pk?.S ?? '', sk?.S ?? ''))),
    );
  }

  /** What saves a batch without its requests, which never change once it is open. */
  #state(batch: Batch, expires?: Item[string]): TransactWriteItem[] {
    const { requests: _, ...record } = batch;
    const bytes = packed(record);
    const count = Math.ceil(bytes.length / partBytes);
    const common = {
      parts: { N: String(count) },
      revision: text(randomUUID()),
      ...(expires === undefined ? {} : { expires }),
    };
    const parts = Array.from({ length: count }, (_part, n) =>
      this.#table.putting({
        ...keyOf(`batch#${batch.id}`, numbered('record#', n)),
        ...common,
        record: { B: bytes.subarray(n * partBytes, (n + 1) * partBytes) },
      }),
    );
    const { id, pipeline, openedAt, stage, waitsUntil, earliestScopeEnd } = batch;
    const listed = keyOf('open-batches', `${openedAt}#${id}`);
    const state: OpenBatch = {
      id,
      pipeline,
      openedAt,
      stage,
      waitsUntil,
      ...(earliestScopeEnd === undefined ? {} : { earliestScopeEnd }),
    };
    return [
      stage === 'closed'
        ? this.#table.deleting(listed)
        : this.#table.putting({ ...listed, record: text(JSON.stringify(state)) }),
      ...parts,
    ];
  }

  async #putIds(batch: Batch, prefix: string, expires?: Item[string]): Promise<void> {
    await eachOf([...piecesOf(batch.requests, idsInItem).entries()], mostAtOnce, async ([n, ids]) => {
      const item = { ...keyOf(`batch#${batch.id}`, numbered(prefix, n)), ids: text(ids.join(' ')) };
      await this.#table.put(expires === undefined ? item : { ...item, expires });
    });
  }

  async #ids(batch: string, prefix: string): Promise<string[]> {
    const items = await this.#table.partition(`batch#${batch}`, { prefix });
    return items.flatMap(({ ids }) => ids?.S?.split(' ') ?? []);
  }
}

function listedKey({ id, openedAt }: Batch): ReturnType<typeof keyOf> {
  return keyOf('batches', `${openedAt}#${id}`);
}

function numbered(prefix: string, n: number): string {
  return `${prefix}${String(n).padStart(4, '0')}`;
}

function packed(record: object): Buffer {
  return gzipSync(JSON.stringify(record));
}

/** The record whose bytes some items hold between them. */
function unpacked(parts: readonly Item[]): object {
  const bytes = Buffer.concat(parts.map(({ record }) => record?.B ?? Buffer.of()));
  return JSON.parse(gunzipSync(bytes).toString());
}
