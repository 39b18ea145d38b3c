import { randomUUID } from 'node:crypto';
import { type Engine, EngineError, type EngineResult } from './engine.ts';
import { bindParameters } from './execution-parameters.ts';
import { invalidRequest } from './request-error.ts';
import { isSymbol, statementTokens } from './sql-tokens.ts';
import { type StatementKind, statementKind } from './statement-kind.ts';

/** Athena's limit on the length of a statement, in bytes of UTF-8. */
const maxQueryBytes = 262_144;

export interface StatementRequest {
  readonly sql: string;
  readonly parameters: readonly string[];
  readonly database: string;
  readonly catalogue: string;
  readonly workGroup: string;
  readonly outputLocation: string | undefined;
}

type State = 'QUEUED' | 'RUNNING' | 'SUCCEEDED' | 'FAILED' | 'CANCELLED';

/** One statement from its start on. Times are milliseconds since 1970. */
export interface Execution {
  readonly id: string;
  readonly request: StatementRequest;
  readonly kind: StatementKind;
  readonly submittedAt: number;
  readonly abort: AbortController;
  readonly ended: Promise<void>;
  state: State;
  startedAt?: number;
  endedAt?: number;
  result?: EngineResult;
  error?: EngineError;
}

export interface ExecutionsOptions {
  readonly engine: Engine;
  /** Default: 4, the threads that Node lends to native code, so that one more would not run either. */
  readonly concurrency?: number;
  /** Ended statements whose results can still be read. Default: 2,000. */
  readonly keptExecutions?: number;
  /** Bytes of results kept, besides the newest. Default: 256 MiB. */
  readonly keptBytes?: number;
}

/** The statements of this endpoint: they wait for their turn, run, and are kept for a while, in memory only. */
export class Executions {
  readonly #engine: Engine;
  readonly #concurrency: number;
  readonly #keptExecutions: number;
  readonly #keptBytes: number;
  readonly #byId = new Map<string, Execution>();
  readonly #idOfToken = new Map<string, { id: string; fingerprint: string }>();
  readonly #waiting: (() => void)[] = [];
  #running = 0;
  /** Of the results kept. */
  #bytes = 0;
  #newest: Execution | undefined;

  constructor(options: ExecutionsOptions) {
    this.#engine = options.engine;
    this.#concurrency = options.concurrency ?? 4;
    this.#keptExecutions = options.keptExecutions ?? 2_000;
    this.#keptBytes = options.keptBytes ?? 256 * 1024 * 1024;
  }

  /** Starts a statement, or finds the one that the same token has started. @throws RequestError when the token was used for another one. */
  start(request: StatementRequest, token: string | undefined): Execution {
    const fingerprint = JSON.stringify(request);
    const started = token === undefined ? undefined : this.#idOfToken.get(token);
    if (started !== undefined) {
      const known = this.#byId.get(started.id);
      if (started.fingerprint !== fingerprint)
        throw invalidRequest('Idempotent parameters do not match', 'IDEMPOTENT_PARAMETER_MISMATCH');
      if (known !== undefined) return known;
    }
    checkStatement(request.sql);
    const sql = bindParameters(request.sql, request.parameters);
    const { promise, resolve } = Promise.withResolvers<void>();
    const execution: Execution = {
      id: randomUUID(),
      request,
      kind: statementKind(request.sql),
      submittedAt: Date.now(),
      abort: new AbortController(),
      ended: promise,
      state: 'QUEUED',
    };
    this.#forgetOldest();
    this.#byId.set(execution.id, execution);
    this.#newest = execution;
    if (token !== undefined) this.#idOfToken.set(token, { id: execution.id, fingerprint });
    void this.#run(execution, sql).finally(resolve);
    return execution;
  }

  /** @throws RequestError when there is no such statement, or no longer. */
  get(id: string): Execution {
    const execution = this.#byId.get(id);
    if (execution === undefined)
      throw invalidRequest(`QueryExecution ${id} was not found`, 'INVALID_QUERY_EXECUTION_ID');
    return execution;
  }

  /** Ids, the newest first. */
  ids(): string[] {
    return [...this.#byId.keys()].reverse();
  }

  /** Stops a statement; one that has ended stays as it is. */
  async stop(id: string): Promise<void> {
    const execution = this.get(id);
    if (execution.endedAt !== undefined) return;
    execution.abort.abort();
    if (execution.state === 'QUEUED') end(execution, 'CANCELLED');
    await execution.ended;
  }

  /** Stops everything and waits until it has ended. */
  async close(): Promise<void> {
    await Promise.all([...this.#byId.keys()].map((id) => this.stop(id)));
  }

  async #run(execution: Execution, sql: string): Promise<void> {
    if (this.#running >= this.#concurrency) await new Promise<void>((resolve) => this.#waiting.push(resolve));
    if (execution.abort.signal.aborted) return this.#waiting.shift()?.();
    this.#running += 1;
    execution.state = 'RUNNING';
    execution.startedAt = Date.now();
    try {
      const { database } = execution.request;
      execution.result = await this.#engine.execute(sql, { database, signal: execution.abort.signal });
      this.#bytes += execution.result.rows.bytes;
      end(execution, 'SUCCEEDED');
    } catch (error) {
      execution.error =
        error instanceof EngineError ? error : new EngineError('GENERIC_INTERNAL_ERROR', 'the engine failed');
      end(execution, execution.abort.signal.aborted ? 'CANCELLED' : 'FAILED');
    } finally {
      this.#running -= 1;
      this.#waiting.shift()?.();
    }
  }

  /** Makes room for one more. */
  #forgetOldest(): void {
    const newest = this.#newest;
    for (const execution of this.#byId.values()) {
      if (this.#byId.size < this.#keptExecutions && this.#bytes <= this.#keptBytes) break;
      if (execution === newest || execution.endedAt === undefined) continue;
      this.#byId.delete(execution.id);
      this.#bytes -= execution.result?.rows.bytes ?? 0;
    }
    if (this.#idOfToken.size < 2 * this.#keptExecutions) return;
    for (const [token, { id }] of this.#idOfToken) if (!this.#byId.has(id)) this.#idOfToken.delete(token);
  }
}

function end(execution: Execution, state: State): void {
  execution.state = state;
  execution.endedAt = Date.now();
}

function checkStatement(sql: string): void {
  const bytes = Buffer.byteLength(sql);
  if (bytes > maxQueryBytes) {
    throw invalidRequest(
      `1 validation error detected: Value at 'queryString' failed to satisfy constraint: Member must have length less than or equal to ${maxQueryBytes}`,
    );
  }
  const tokens = statementTokens(sql);
  if (tokens.length === 0) throw invalidRequest('Query string is empty', 'MALFORMED_QUERY');
  if (tokens.some((token) => isSymbol(token, ';')))
    throw invalidRequest('Only one sql statement is allowed.', 'MALFORMED_QUERY');
}
