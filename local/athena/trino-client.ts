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

/** Trino's statement protocol over HTTP: https://trino.io/docs/current/develop/client-protocol.html */
export class TrinoClient {
  readonly #url: string;
  readonly #catalogue: string;

  /** @param url for example `http://127.0.0.1:8080`; `catalogue` holds the names that are not qualified by one. */
  constructor({ url, catalogue }: { url: string; catalogue: string }) {
    this.#url = url;
    this.#catalogue = catalogue;
  }

  /** Runs one statement to its end. @throws EngineError when it fails, is aborted, or Trino cannot be reached. */
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
    let page = await request(`${this.#url}/v1/statement`, { method: 'POST', body: sql, headers, signal });
    let columns: readonly TrinoColumn[] = [];
    while (true) {
      columns = page.columns ?? columns;
      if (page.error !== undefined) throw trinoError(page.error);
      if (page.data !== undefined && onRows !== undefined) onRows(page.data, columns);
      if (page.nextUri === undefined) break;
      page = await this.#next(page.nextUri, signal);
    }
    const { updateType, updateCount, stats } = page;
    return {
      columns,
      ...(updateType === undefined ? {} : { updateType }),
      ...(updateCount === undefined ? {} : { updateCount }),
      bytesScanned: stats.physicalInputBytes,
    };
  }

  async #next(uri: string, signal: AbortSignal): Promise<Page> {
    try {
      return await request(uri, { method: 'GET', signal });
    } catch (error) {
      // The statement would go on without anybody who waits for it. If Trino is gone, so is the statement.
      if (signal.aborted) await fetch(uri, { method: 'DELETE' }).catch(() => undefined);
      throw error;
    }
  }
}

/** Trino asks to come again after these, as a proxy in front of it does. */
const busy = [502, 503, 504];

async function request(url: string, init: RequestInit): Promise<Page> {
  for (let pause = 50; ; pause = Math.min(pause * 2, 1_000)) {
    const response = await reach(url, init);
    if (response.ok) return pageSchema.parse(JSON.parse(await response.text(), numbersAsText));
    await response.body?.cancel();
    if (!busy.includes(response.status)) {
      throw new EngineError('GENERIC_INTERNAL_ERROR', `the engine answered with HTTP status ${response.status}`);
    }
    await sleep(pause);
  }
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
