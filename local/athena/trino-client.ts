import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import { EngineError } from './engine.ts';
import { trinoError } from './trino-errors.ts';

/** A type as Trino describes it: `decimal` with the arguments 18 and 9, `row` with named types. */
export interface TrinoType {
  readonly rawType: string;
  readonly arguments: readonly TrinoTypeArgument[];
}

type TrinoTypeArgument =
  | { readonly kind: 'LONG'; readonly value: string }
  | { readonly kind: 'TYPE'; readonly value: TrinoType }
  | {
      readonly kind: 'NAMED_TYPE';
      readonly value: {
        readonly fieldName?: { readonly name: string } | null | undefined;
        readonly typeSignature: TrinoType;
      };
    };

export interface TrinoColumn {
  readonly name: string;
  readonly typeSignature: TrinoType;
}

/** A value of a result: every number as its own text, since JavaScript's end at 2^53. */
export type TrinoValue = string | boolean | null | readonly TrinoValue[] | { readonly [key: string]: TrinoValue };

export interface TrinoResult {
  readonly columns: readonly TrinoColumn[];
  /** What a statement that writes did, such as `INSERT` or `CREATE TABLE`. Default: it was a query. */
  readonly updateType?: string;
  readonly updateCount?: number;
  /** Bytes read from storage, as Athena bills them. */
  readonly bytesScanned: number;
}

export interface TrinoRequest {
  readonly database: string;
  readonly signal: AbortSignal;
  /** Told of each page of rows. Default: rows are dropped. */
  readonly onRows?: (rows: readonly (readonly TrinoValue[])[], columns: readonly TrinoColumn[]) => void;
}

const typeSchema: z.ZodType<TrinoType> = z.lazy(() =>
  z.object({
    rawType: z.string(),
    arguments: z.array(
      z.discriminatedUnion('kind', [
        z.object({ kind: z.literal('LONG'), value: z.string() }),
        z.object({ kind: z.literal('TYPE'), value: typeSchema }),
        z.object({
          kind: z.literal('NAMED_TYPE'),
          value: z.object({ fieldName: z.object({ name: z.string() }).nullish(), typeSignature: typeSchema }),
        }),
      ]),
    ),
  }),
);

const valueSchema: z.ZodType<TrinoValue> = z.lazy(() =>
  z.union([z.string(), z.boolean(), z.null(), z.array(valueSchema), z.record(z.string(), valueSchema)]),
);

const pageSchema = z.object({
  nextUri: z.string().optional(),
  columns: z.array(z.object({ name: z.string(), typeSignature: typeSchema })).optional(),
  data: z.array(z.array(valueSchema)).optional(),
  updateType: z.string().optional(),
  updateCount: z.coerce.number().optional(),
  stats: z.object({ physicalInputBytes: z.coerce.number().default(0) }),
  error: z.object({ message: z.string().default(''), errorName: z.string(), errorType: z.string() }).optional(),
});

type Page = z.infer<typeof pageSchema>;

export interface TrinoClientOptions {
  /** For example `http://127.0.0.1:8080`. */
  readonly url: string;
  /** The catalogue that holds the names that are not qualified by one. */
  readonly catalogue: string;
  /** How long one request is sent again while Trino is too busy or not there yet. Default: a minute. */
  readonly busyMillis?: number;
}

/** Trino's statement protocol over HTTP: https://trino.io/docs/current/develop/client-protocol.html */
export class TrinoClient {
  readonly #url: string;
  readonly #catalogue: string;
  readonly #busyMillis: number;

  constructor({ url, catalogue, busyMillis = 60_000 }: TrinoClientOptions) {
    this.#url = url;
    this.#catalogue = catalogue;
    this.#busyMillis = busyMillis;
  }

  /** Runs one statement to its end. @throws EngineError when it fails, is aborted, or Trino cannot be reached; it has ended in Trino too then, once Trino has answered its start. */
  async run(sql: string, { database, signal, onRows }: TrinoRequest): Promise<TrinoResult> {
    const headers = {
      'x-trino-user': 'lethe',
      'x-trino-source': 'lethe',
      'x-trino-catalog': this.#catalogue,
      'x-trino-schema': database,
      'x-trino-time-zone': 'UTC',
      // Without it Trino rounds timestamps to milliseconds, where Athena cuts them off.
      'x-trino-client-capabilities': 'PARAMETRIC_DATETIME',
    };
    let page = await this.#request(`${this.#url}/v1/statement`, { method: 'POST', body: sql, headers, signal });
    let columns: readonly TrinoColumn[] = [];
    let next: string | undefined;
    try {
      while (true) {
        next = page.error === undefined ? page.nextUri : undefined;
        columns = page.columns ?? columns;
        if (page.error !== undefined) throw trinoError(page.error);
        if (page.data !== undefined && onRows !== undefined) onRows(page.data, columns);
        if (next === undefined) break;
        page = await this.#request(next, { method: 'GET', signal });
      }
    } finally {
      if (next !== undefined) await cancel(next);
    }
    const { updateType, updateCount, stats } = page;
    return {
      columns,
      ...(updateType === undefined ? {} : { updateType }),
      ...(updateCount === undefined ? {} : { updateCount }),
      bytesScanned: stats.physicalInputBytes,
    };
  }

  async #request(url: string, init: TrinoRequestInit): Promise<Page> {
    const until = Date.now() + this.#busyMillis;
    for (let pause = 50; ; pause = Math.min(pause * 2, 1_000)) {
      const response = await reach(url, init);
      if (response.ok) return pageSchema.parse(JSON.parse(await response.text(), numbersAsText));
      await response.body?.cancel();
      const answer = `the engine answered with HTTP status ${response.status}`;
      if (!busy.includes(response.status)) throw new EngineError('GENERIC_INTERNAL_ERROR', answer);
      if (Date.now() + pause > until)
        throw new EngineError('NO_NODES_AVAILABLE', `${answer} for ${this.#busyMillis / 1_000} seconds`);
      // An abort ends the pause; the request that follows says so.
      await sleep(pause, undefined, { signal: init.signal }).catch(() => undefined);
    }
  }
}

type TrinoRequestInit = RequestInit & { readonly signal: AbortSignal };

/** Trino asks to come again after these, as a proxy in front of it does. */
const busy = [502, 503, 504];

/** Ends a statement that would go on without anybody who waits for it. If Trino is gone, so is the statement. */
async function cancel(uri: string): Promise<void> {
  await fetch(uri, { method: 'DELETE', signal: AbortSignal.timeout(5_000) }).catch(() => undefined);
}

async function reach(url: string, init: RequestInit): Promise<Response> {
  try {
    return await fetch(url, init);
  } catch {
    throw new EngineError('GENERIC_INTERNAL_ERROR', 'the engine cannot be reached');
  }
}

function numbersAsText(_key: string, value: unknown, context?: { readonly source?: string }): unknown {
  return typeof value === 'number' ? (context?.source ?? String(value)) : value;
}
