import { EngineError } from './engine.ts';

export type Cell = string | null;

/** 128 MiB of JSON text is a million rows of a dozen columns: more belongs into a table. */
const defaultMaxBytes = 128 * 1024 * 1024;

interface Block {
  readonly from: number;
  readonly count: number;
  /** The rows as JSON text: V8 keeps ASCII text in one byte a character, a tenth of the same rows as arrays. */
  readonly json: string;
}

/** The rows of one result, held compactly in blocks as they came from the engine. */
export class ResultRows {
  #blocks: Block[] = [];
  #count = 0;
  #bytes = 0;
  #last: { block: Block; rows: Cell[][] } | undefined;
  readonly #maxBytes: number;

  constructor(maxBytes: number = defaultMaxBytes) {
    this.#maxBytes = maxBytes;
  }

  static of(rows: readonly (readonly Cell[])[]): ResultRows {
    const result = new ResultRows();
    result.append(rows);
    return result;
  }

  get count(): number {
    return this.#count;
  }

  get bytes(): number {
    return this.#bytes;
  }

  /** @throws EngineError EXCEEDED_RESULT_SIZE when the result outgrows its bound. */
  append(rows: readonly (readonly Cell[])[]): void {
    if (rows.length === 0) return;
    const json = JSON.stringify(rows);
    this.#bytes += json.length;
    if (this.#bytes > this.#maxBytes) {
      const limit = `${Math.floor(this.#maxBytes / 1024 / 1024)} MiB`;
      throw new EngineError('EXCEEDED_RESULT_SIZE', `the result is larger than ${limit}; write it to a table instead`);
    }
    this.#blocks.push({ from: this.#count, count: rows.length, json });
    this.#count += rows.length;
  }

  /** The rows from `from`, inclusive, to `to`, exclusive. */
  slice(from: number, to: number): Cell[][] {
    const rows: Cell[][] = [];
    for (const block of this.#blocks) {
      if (block.from + block.count <= from) continue;
      if (block.from >= to) break;
      const start = Math.max(from - block.from, 0);
      rows.push(...this.#rowsOf(block).slice(start, Math.min(to - block.from, block.count)));
    }
    return rows;
  }

  #rowsOf(block: Block): Cell[][] {
    if (this.#last?.block !== block) this.#last = { block, rows: parseRows(block.json) };
    return this.#last.rows;
  }
}

function parseRows(json: string): Cell[][] {
  return JSON.parse(json);
}
