import { createHash, randomUUID } from 'node:crypto';
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
  /** Bytes of statements and their results kept, besides the newest. Default: 256 MiB. */
  readonly keptBytes?: number;
}

/** A statement that waits for its turn, with its parameters put in. */
interface Waiting {
  readonly execution: Execution;
  readonly sql: string;
  /** Settles the execution's promise of its end. */
  readonly settle: () => void;
}

/** The statements of this endpoint: they wait for their turn, run, and are kept for a while, in memory only. */
export class Executions {
  readonly #engine: Engine;
  readonly #concurrency: number;
  readonly #keptExecutions: number;
  readonly #keptBytes: number;
  readonly #byId = new Map<string, Execution>();
  readonly #idOfToken = new Map<string, { id: string; fingerprint: string }>();
  #waiting: Waiting[] = [];
  #running = 0;
  /** Of the statements and results kept. */
  #bytes = 0;
  #newest: Execution | undefined;

  constructor(options: ExecutionsOptions) {
    this.#engine = options.engine;
    this.#concurrency = options.concurrency ?? 4;
    this.#keptExecutions = options.keptExecutions ?? 2_000;
    this.#keptBytes = options.keptBytes ?? 256 * 1024 * 1024;
  }

  /**
   * Starts a statement, or finds the one that the same token has started.
   *
   * @throws RequestError when the token was used for another one, and when the statement is none of Athena's.
   */
  start(request: StatementRequest, token: string | undefined): Execution {
    const fingerprint = createHash('sha256').update(JSON.stringify(request)).digest('hex');
    const started = token === undefined ? undefined : this.#idOfToken.get(token);
    if (started !== undefined) {
      const known = this.#byId.get(started.id);
      if (started.fingerprint !== fingerprint)
        throw invalidRequest('Idempotent parameters do not match', 'IDEMPOTENT_PARAMETER_MISMATCH');
      if (known !== undefined) return known;
    }
    checkStatement(request.sql);
    const sql = bindParameters(request.sql, request.parameters);
    this.#expectSyntax(sql, request.database);
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
    this.#bytes += keptBytesOf(execution);
    this.#newest = execution;
    if (token !== undefined) this.#idOfToken.set(token, { id: execution.id, fingerprint });
    this.#waiting.push({ execution, sql, settle: resolve });
    this.#runNext();
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

  /** Stops a statement: one that waits has ended then, one that runs ends soon, and one that has ended stays as it is. */
  stop(id: string): Execution {
    const execution = this.get(id);
    execution.abort.abort();
    const waiting = this.#waiting.find((one) => one.execution === execution);
    if (waiting !== undefined) {
      this.#waiting = this.#waiting.filter((one) => one !== waiting);
      end(execution, 'CANCELLED');
      waiting.settle();
    }
    return execution;
  }

  /** Stops everything and waits until it has ended. */
  async close(): Promise<void> {
    await Promise.all([...this.#byId.keys()].map((id) => this.stop(id).ended));
  }

  #expectSyntax(sql: string, database: string): void {
    try {
      this.#engine.expectSyntax?.(sql, database);
    } catch (error) {
      // Whatever else is wrong with it ends its execution.
      if (error instanceof EngineError && error.code === 'SYNTAX_ERROR')
        throw invalidRequest(error.message, 'MALFORMED_QUERY');
    }
  }

  #runNext(): void {
    const next = this.#running < this.#concurrency ? this.#waiting.shift() : undefined;
    if (next === undefined) return;
    this.#running += 1;
    void this.#run(next).finally(() => {
      this.#running -= 1;
      next.settle();
      this.#runNext();
    });
  }

  async #run({ execution, sql }: Waiting): Promise<void> {
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
    }
  }

  /** Makes room for one more. */
  #forgetOldest(): void {
    const newest = this.#newest;
    for (const execution of this.#byId.values()) {
      if (this.#byId.size < this.#keptExecutions && this.#bytes <= this.#keptBytes) break;
      if (execution === newest || execution.endedAt === undefined) continue;
      this.#byId.delete(execution.id);
      this.#bytes -= keptBytesOf(execution);
    }
    if (this.#idOfToken.size < 2 * this.#keptExecutions) return;
    for (const [token, { id }] of this.#idOfToken) if (!this.#byId.has(id)) this.#idOfToken.delete(token);
  }
}

/** Characters of its texts, which V8 keeps in a byte each where they are ASCII. */
function keptBytesOf({ request, result }: Execution): number {
  const texts = [request.sql, ...request.parameters];
  return texts.reduce((sum, text) => sum + text.length, 0) + (result?.rows.bytes ?? 0);
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
