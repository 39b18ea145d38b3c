import type { ResultRows } from './result-rows.ts';

/** A result column, typed in Athena's words: `varchar`, `bigint`, `decimal`, `timestamp`, `row` … */
export interface EngineColumn {
  readonly name: string;
  readonly type: string;
  readonly precision: number;
  readonly scale: number;
}

/** What a statement came to. Cells are texts as Athena writes them, null for NULL. */
export interface EngineResult {
  readonly columns: readonly EngineColumn[];
  readonly rows: ResultRows;
  /** Rows inserted, updated and deleted. Default: the statement was no DML. */
  readonly updateCount?: number;
  readonly bytesScanned: number;
}

/** A table as a catalogue lists it, types spelt as in DDL (`string`, `decimal(18,9)`). */
export interface EngineTable {
  readonly name: string;
  readonly description?: string;
  readonly columns: readonly { readonly name: string; readonly type: string; readonly description?: string }[];
  /** Partition columns by name. */
  readonly partitionedBy: readonly string[];
  readonly isView: boolean;
}

export interface StatementContext {
  /** The database that unqualified names belong to. */
  readonly database: string;
  /** Aborted when somebody stops the statement: the engine interrupts it and throws. */
  readonly signal: AbortSignal;
}

/** A SQL engine behind the Athena endpoint. It reads Athena's dialect and translates what it spells differently. */
export interface Engine {
  /**
   * Looks at a statement before it is started, as Athena does, which starts none that it cannot parse. The engines here tell
   * what their translators see: a parser of their own would wait for a thread while as many statements run as there are
   * threads, and what it alone finds ends the execution. Default: nothing is told before a statement runs.
   *
   * @throws EngineError SYNTAX_ERROR; other errors are met again when it runs.
   */
  expectSyntax?(sql: string, database: string): void;
  /** Runs one statement. @throws EngineError for everything that is the statement's fault, or a conflict's. */
  execute(sql: string, context: StatementContext): Promise<EngineResult>;
  databases(): Promise<string[]>;
  /** The tables of a database in order of name, undefined when there is no such database. */
  tables(database: string): Promise<EngineTable[] | undefined>;
}

/**
 * Athena's numbers for a failed statement: category 1 system, 2 user, 3 other; the type as in Athena's error catalogue
 * (233 Iceberg, 1006 syntax, 1001 data, 4 exhausted resources, 200 internal). Worth a retry are a commit conflict, and an
 * engine that is not up yet.
 */
const catalogueOf = {
  SYNTAX_ERROR: { category: 2, type: 1006, retryable: false },
  TABLE_NOT_FOUND: { category: 2, type: 1006, retryable: false },
  COLUMN_NOT_FOUND: { category: 2, type: 1006, retryable: false },
  FUNCTION_NOT_FOUND: { category: 2, type: 1006, retryable: false },
  SCHEMA_NOT_FOUND: { category: 2, type: 1006, retryable: false },
  TABLE_ALREADY_EXISTS: { category: 2, type: 1006, retryable: false },
  TYPE_MISMATCH: { category: 2, type: 1006, retryable: false },
  NOT_SUPPORTED: { category: 2, type: 1006, retryable: false },
  INVALID_PARAMETER_USAGE: { category: 2, type: 1006, retryable: false },
  INVALID_CAST_ARGUMENT: { category: 2, type: 1001, retryable: false },
  DIVISION_BY_ZERO: { category: 2, type: 1001, retryable: false },
  NUMERIC_VALUE_OUT_OF_RANGE: { category: 2, type: 1001, retryable: false },
  CONSTRAINT_VIOLATION: { category: 2, type: 1001, retryable: false },
  EXCEEDED_LOCAL_MEMORY_LIMIT: { category: 2, type: 4, retryable: false },
  EXCEEDED_RESULT_SIZE: { category: 2, type: 4, retryable: false },
  ICEBERG_COMMIT_ERROR: { category: 1, type: 233, retryable: true },
  NO_NODES_AVAILABLE: { category: 1, type: 200, retryable: true },
  GENERIC_INTERNAL_ERROR: { category: 1, type: 200, retryable: false },
} as const;

export type EngineErrorCode = keyof typeof catalogueOf;

/** A statement failed. The message can hold row values, as Athena's can: log the code, never the text. */
export class EngineError extends Error {
  override readonly name = 'EngineError';
  readonly code: EngineErrorCode;

  constructor(code: EngineErrorCode, text: string) {
    super(`${code}: ${text}`);
    this.code = code;
  }

  get category(): number {
    return catalogueOf[this.code].category;
  }

  get type(): number {
    return catalogueOf[this.code].type;
  }

  get retryable(): boolean {
    return catalogueOf[this.code].retryable;
  }
}
