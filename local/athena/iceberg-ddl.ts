import type { PartitionTransform } from '../../core/catalogue/table.ts';
import { EngineError } from './engine.ts';
import { isName, isSymbol, isWord, type Token } from './sql-tokens.ts';

/** A table or database name as a statement spells it. */
export interface QualifiedName {
  readonly database: string;
  readonly name: string;
}

export interface CreateTable extends QualifiedName {
  readonly ifNotExists: boolean;
  readonly description: string;
  readonly columns: readonly DdlColumn[];
  readonly partition: readonly PartitionTransform[];
}

export interface DdlColumn {
  readonly name: string;
  /** DuckDB's spelling. */
  readonly type: string;
  readonly description: string;
}

/** Reads tokens one after the other, complaining as Athena's parser does. */
export class TokenReader {
  readonly #tokens: readonly Token[];
  #at = 0;

  constructor(tokens: readonly Token[]) {
    this.#tokens = tokens;
  }

  get next(): Token | undefined {
    return this.#tokens[this.#at];
  }

  get done(): boolean {
    return this.#at >= this.#tokens.length;
  }

  fail(expecting: string): never {
    const token = this.next;
    const seen = token === undefined ? '<EOF>' : token.text;
    throw new EngineError(
      'SYNTAX_ERROR',
      `line 1:${(token?.start ?? 0) + 1}: mismatched input '${seen}'. Expecting: ${expecting}`,
    );
  }

  /** Refuses names in double quotes anywhere, as OPTIMIZE and VACUUM do, which take them bare or in backticks. */
  expectNoDoubleQuotes(): void {
    const found = this.#tokens.find(({ kind, text }) => kind === 'quoted' && text.startsWith('"'));
    if (found === undefined) return;
    throw new EngineError(
      'SYNTAX_ERROR',
      `line 1:${found.start + 1}: mismatched input '${found.text}'. Expecting: <identifier>`,
    );
  }

  /** Consumes the words if all of them come next. */
  take(...words: readonly string[]): boolean {
    if (!words.every((word, ahead) => isWord(this.#tokens[this.#at + ahead], word))) return false;
    this.#at += words.length;
    return true;
  }

  takeSymbol(symbol: string): boolean {
    if (!isSymbol(this.next, symbol)) return false;
    this.#at += 1;
    return true;
  }

  takeString(): string | undefined {
    if (this.next?.kind !== 'string') return undefined;
    const { value } = this.next;
    this.#at += 1;
    return value;
  }

  expect(symbol: string): void {
    if (!this.takeSymbol(symbol)) this.fail(`'${symbol}'`);
  }

  name(): string {
    const token = this.next;
    if (!isName(token)) return this.fail('<identifier>');
    this.#at += 1;
    return token.value;
  }

  number(): number {
    const token = this.next;
    if (token?.kind !== 'number') return this.fail('<integer>');
    this.#at += 1;
    return Number(token.value);
  }

  qualifiedName(database: string): QualifiedName {
    const parts = [this.name()];
    while (this.takeSymbol('.')) parts.push(this.name());
    return { database: parts.at(-2) ?? database, name: parts.at(-1) ?? '' };
  }

  /** Skips one bracketed group, brackets included. */
  skipGroup(): void {
    this.expect('(');
    for (let depth = 1; depth > 0; this.#at += 1) {
      if (this.done) this.fail("')'");
      if (isSymbol(this.next, '(')) depth += 1;
      if (isSymbol(this.next, ')')) depth -= 1;
    }
  }

  end(): void {
    if (!this.done) this.fail('<EOF>');
  }
}

/** Reads the rest of `CREATE TABLE …` after those words. Location and properties mean nothing to an engine without files. */
export function readCreateTable(reader: TokenReader, database: string): CreateTable {
  const ifNotExists = reader.take('if', 'not', 'exists');
  const name = reader.qualifiedName(database);
  const columns = readColumns(reader);
  const description = reader.take('comment') ? (reader.takeString() ?? reader.fail('<string>')) : '';
  const partition: PartitionTransform[] = [];
  if (reader.take('partitioned', 'by')) {
    reader.expect('(');
    do partition.push(readTransform(reader));
    while (reader.takeSymbol(','));
    reader.expect(')');
  }
  if (reader.take('location') && reader.takeString() === undefined) reader.fail('<string>');
  if (reader.take('tblproperties')) reader.skipGroup();
  reader.end();
  return { ...name, ifNotExists, description, columns, partition };
}

/** Reads `(name type [COMMENT 'text'], …)`. */
export function readColumns(reader: TokenReader): DdlColumn[] {
  const columns: DdlColumn[] = [];
  reader.expect('(');
  do {
    const name = reader.name();
    const type = readType(reader);
    const description = reader.take('comment') ? (reader.takeString() ?? reader.fail('<string>')) : '';
    columns.push({ name, type, description });
  } while (reader.takeSymbol(','));
  reader.expect(')');
  return columns;
}

const scalars = new Map([
  ['string', 'varchar'],
  ['varchar', 'varchar'],
  ['char', 'varchar'],
  ['binary', 'blob'],
  ['int', 'integer'],
  ...['boolean', 'tinyint', 'smallint', 'integer', 'bigint', 'float', 'double', 'date', 'timestamp'].map(
    (type): [string, string] => [type, type],
  ),
]);

/** Reads a Hive type (`array<string>`, `struct<a:int>`) and spells it as DuckDB does. */
function readType(reader: TokenReader): string {
  const name = reader.name();
  if (name === 'decimal') {
    reader.expect('(');
    const precision = reader.number();
    reader.expect(',');
    const scale = reader.number();
    reader.expect(')');
    return `decimal(${precision},${scale})`;
  }
  if (name === 'array') return `${bracketed(reader, () => readType(reader))}[]`;
  if (name === 'map') {
    return `map(${bracketed(reader, () => {
      const key = readType(reader);
      reader.expect(',');
      return `${key}, ${readType(reader)}`;
    })})`;
  }
  if (name === 'struct') return `struct(${bracketed(reader, () => readFields(reader))})`;
  const scalar = scalars.get(name);
  if (scalar === undefined) throw new EngineError('SYNTAX_ERROR', `unknown type '${name}'`);
  if (scalar === 'varchar' && isSymbol(reader.next, '(')) reader.skipGroup();
  return scalar;
}

function readFields(reader: TokenReader): string {
  const fields: string[] = [];
  do {
    const name = reader.name();
    reader.expect(':');
    fields.push(`"${name}" ${readType(reader)}`);
  } while (reader.takeSymbol(','));
  return fields.join(', ');
}

function bracketed(reader: TokenReader, read: () => string): string {
  reader.expect('<');
  const inside = read();
  reader.expect('>');
  return inside;
}

function readTransform(reader: TokenReader): PartitionTransform {
  const name = reader.name();
  if (!reader.takeSymbol('(')) return { transform: 'identity', column: name };
  if (name === 'bucket') {
    const buckets = reader.number();
    reader.expect(',');
    const column = reader.name();
    reader.expect(')');
    return { transform: 'bucket', column, buckets };
  }
  const column = reader.name();
  reader.expect(')');
  if (name === 'hour' || name === 'day' || name === 'month') return { transform: name, column };
  throw new EngineError('NOT_SUPPORTED', `partition transform ${name} is not supported`);
}
