import { EngineError } from './engine.ts';
import { expectQuery } from './expect-query.ts';
import {
  type CreateTable,
  type DdlColumn,
  type QualifiedName,
  readColumns,
  readCreateTable,
  TokenReader,
} from './iceberg-ddl.ts';
import { type MetadataSource, replaceMetadataTables } from './metadata-tables.ts';
import { readShow, type ShowPlan } from './show-statement.ts';
import { quoteName } from './sql-text.ts';
import {
  applyEdits,
  type Edit,
  isName,
  isSymbol,
  isWord,
  statementTokens,
  type Token,
  tokenize,
} from './sql-tokens.ts';

/** What DuckDB has to do for a statement in Athena's dialect. */
export type Plan =
  | { readonly kind: 'query'; readonly sql: string; readonly quotedNames: ReadonlySet<string> }
  | {
      readonly kind: 'write';
      readonly sql: string;
      readonly table: QualifiedName;
      readonly operation: 'append' | 'overwrite' | 'delete';
    }
  | { readonly kind: 'change schema'; readonly sql: readonly string[] }
  | { readonly kind: 'create table'; readonly table: CreateTable }
  | { readonly kind: 'add columns'; readonly table: QualifiedName; readonly columns: readonly DdlColumn[] }
  | { readonly kind: 'nothing'; readonly table: QualifiedName }
  /** Of the partitions that the condition holds for. Default: of all. */
  | { readonly kind: 'rewrite'; readonly table: QualifiedName; readonly condition?: Condition }
  | { readonly kind: 'vacuum'; readonly table: QualifiedName }
  | ShowPlan;

/** A condition as it is written, and the names in it. */
export interface Condition {
  readonly sql: string;
  readonly names: ReadonlySet<string>;
}

/** Functions that take a lambda or stand before FILTER and OVER: no macro can stand for them. */
const renamed = new Map([
  ['approx_distinct', 'approx_count_distinct'],
  ['approx_percentile', 'approx_quantile'],
  ['transform', 'list_transform'],
  ['every', 'bool_and'],
]);

/** Translates one statement. @throws EngineError SYNTAX_ERROR for what Athena does not have, such as DuckDB's own COPY and ATTACH. */
export function translate(sql: string, database: string, source: MetadataSource): Plan {
  const tokens = statementTokens(sql);
  const reader = new TokenReader(tokens);
  const text = () => dialect(sql, tokens, database, source);
  if (isSymbol(reader.next, '(') || isWord(reader.next, 'select', 'with', 'values', 'explain')) {
    expectQuery(tokens);
    const quotedNames = new Set(tokens.filter((token) => token.kind === 'quoted').map((token) => token.value));
    return { kind: 'query', sql: text(), quotedNames };
  }
  if (reader.take('insert', 'into'))
    return { kind: 'write', sql: text(), table: reader.qualifiedName(database), operation: 'append' };
  if (reader.take('delete', 'from'))
    return { kind: 'write', sql: text(), table: reader.qualifiedName(database), operation: 'delete' };
  if (reader.take('update') || reader.take('merge', 'into')) {
    return { kind: 'write', sql: text(), table: reader.qualifiedName(database), operation: 'overwrite' };
  }
  if (reader.take('optimize')) return optimize(reader, tokens, sql, database);
  if (reader.take('vacuum')) {
    reader.expectNoDoubleQuotes();
    const table = reader.qualifiedName(database);
    reader.end();
    return { kind: 'vacuum', table };
  }
  if (reader.take('show')) return readShow(reader, database);
  if (reader.take('describe') || reader.take('desc')) {
    reader.take('formatted');
    reader.take('extended');
    return { kind: 'describe', table: reader.qualifiedName(database) };
  }
  if (reader.take('create')) return create(sql, reader, tokens, text, database);
  if (reader.take('alter', 'table')) return alter(hiveReader(sql, 'alter', 'table'), text, database);
  if (reader.take('drop', 'table') || reader.take('drop', 'view')) return { kind: 'change schema', sql: [text()] };
  if (reader.take('drop', 'database') || reader.take('drop', 'schema')) {
    const ifExists = reader.take('if', 'exists');
    const name = reader.name();
    const cascade = reader.take('cascade');
    return {
      kind: 'change schema',
      sql: [`drop schema ${ifExists ? 'if exists ' : ''}${quoteName(name)}${cascade ? ' cascade' : ''}`],
    };
  }
  return reader.fail(
    "'ALTER', 'CREATE', 'DELETE', 'DESCRIBE', 'DROP', 'EXPLAIN', 'INSERT', 'MERGE', 'OPTIMIZE', 'SHOW', 'UPDATE', 'VACUUM', <query>",
  );
}

/** The differences between the dialects that are spelt inside a statement. */
function dialect(sql: string, tokens: readonly Token[], database: string, source: MetadataSource): string {
  const edits: Edit[] = [];
  for (const [at, token] of tokens.entries()) {
    const name = token.kind === 'word' && isSymbol(tokens[at + 1], '(') ? renamed.get(token.value) : undefined;
    if (name !== undefined) edits.push({ start: token.start, end: token.end, text: name });
    const literal = tokens[at + 1];
    // DuckDB drops the zone of `timestamp '… UTC'`; to Athena it makes the type one with a zone.
    if (isWord(token, 'timestamp') && literal?.kind === 'string' && / [A-Za-z]|[+-]\d\d:\d\d$/.test(literal.value)) {
      edits.push({ start: token.start, end: token.end, text: 'timestamp with time zone' });
    }
  }
  edits.push(...dateParseEdits(tokens));
  const last = tokens.at(-1)?.end ?? 0;
  const edited = applyEdits(sql.slice(0, last), edits);
  return replaceMetadataTables(edited, edits.length === 0 ? tokens : tokenize(edited), database, source);
}

/** MySQL's letters of a date format that strftime spells differently. */
const strftimeOf = new Map([
  ['%M', '%B'],
  ['%i', '%M'],
  ['%s', '%S'],
  ['%W', '%A'],
  ['%h', '%I'],
  ['%c', '%-m'],
  ['%e', '%-d'],
  ['%k', '%-H'],
  ['%l', '%-I'],
  ['%v', '%V'],
  ['%T', '%H:%M:%S'],
  ['%r', '%I:%M:%S %p'],
]);

/** `date_parse(text, 'format')` is strptime, which wants its format as a literal, so a macro cannot translate it. */
function dateParseEdits(tokens: readonly Token[]): Edit[] {
  const edits: Edit[] = [];
  for (const [at, token] of tokens.entries()) {
    if (!isWord(token, 'date_parse') || !isSymbol(tokens[at + 1], '(')) continue;
    let depth = 0;
    const inside = tokens.slice(at + 1);
    const close = inside.findIndex((candidate) => {
      if (isSymbol(candidate, '(')) depth += 1;
      if (isSymbol(candidate, ')')) depth -= 1;
      return depth === 0;
    });
    const format = inside[close - 1];
    edits.push({ start: token.start, end: token.end, text: 'strptime' });
    if (format?.kind !== 'string')
      throw new EngineError('NOT_SUPPORTED', 'this engine wants the format of date_parse as a literal');
    const translated = format.text.replaceAll(/%./g, (letter) => strftimeOf.get(letter) ?? letter);
    edits.push({ start: format.start, end: format.end, text: translated });
  }
  return edits;
}

/** A reader of the statement as Hive reads it, after its first words. */
function hiveReader(sql: string, ...words: readonly string[]): TokenReader {
  const tokens = statementTokens(sql, 'hive');
  const reader = new TokenReader(tokens);
  reader.take(...words);
  return reader;
}

function optimize(reader: TokenReader, tokens: readonly Token[], sql: string, database: string): Plan {
  reader.expectNoDoubleQuotes();
  const table = reader.qualifiedName(database);
  if (!reader.take('rewrite', 'data', 'using', 'bin_pack')) reader.fail("'REWRITE DATA USING BIN_PACK'");
  if (reader.done) return { kind: 'rewrite', table };
  if (!reader.take('where')) reader.fail("'WHERE', <EOF>");
  const first = reader.next ?? reader.fail('<expression>');
  const inside = tokens.slice(tokens.indexOf(first));
  // What stands before a string is its type, as in `date '2026-01-01'`.
  const names = new Set(
    inside.filter((token, at) => isName(token) && inside[at + 1]?.kind !== 'string').map(({ value }) => value),
  );
  return { kind: 'rewrite', table, condition: { sql: sql.slice(first.start, inside.at(-1)?.end), names } };
}

function create(
  sql: string,
  reader: TokenReader,
  tokens: readonly Token[],
  text: () => string,
  database: string,
): Plan {
  if (reader.take('or', 'replace', 'view') || reader.take('view')) return { kind: 'change schema', sql: [text()] };
  if (reader.take('database') || reader.take('schema')) {
    const ifNotExists = reader.take('if', 'not', 'exists');
    return {
      kind: 'change schema',
      sql: [`create schema ${ifNotExists ? 'if not exists ' : ''}${quoteName(reader.name())}`],
    };
  }
  if (!reader.take('table'))
    throw new EngineError('NOT_SUPPORTED', 'this engine creates databases, Iceberg tables and views only');
  const query = tokens.findIndex(
    (token, at) => isWord(token, 'as') && isWord(tokens[at + 1], 'select', 'with', 'values'),
  );
  if (query === -1)
    return { kind: 'create table', table: readCreateTable(hiveReader(sql, 'create', 'table'), database) };
  // CREATE TABLE t WITH (table_type = 'ICEBERG', …) AS SELECT …: the properties go.
  const properties = tokens.findIndex((token) => isWord(token, 'with'));
  const [from, to] = [tokens[properties], tokens[query]];
  if (properties === -1 || properties > query || from === undefined || to === undefined)
    return { kind: 'change schema', sql: [text()] };
  const whole = text();
  const start = tokenize(whole).find((token) => isWord(token, 'with'))?.start ?? 0;
  return { kind: 'change schema', sql: [whole.slice(0, start) + whole.slice(start + (to.start - from.start))] };
}

function alter(reader: TokenReader, text: () => string, database: string): Plan {
  const table = reader.qualifiedName(database);
  if (reader.take('add', 'columns')) return { kind: 'add columns', table, columns: readColumns(reader) };
  // Properties steer Iceberg's files, which this engine does not have.
  if (reader.take('set', 'tblproperties') || reader.take('unset', 'tblproperties')) return { kind: 'nothing', table };
  if (isWord(reader.next, 'drop', 'rename')) return { kind: 'change schema', sql: [text()] };
  throw new EngineError(
    'NOT_SUPPORTED',
    'this engine alters a table by ADD COLUMNS, DROP COLUMN and SET TBLPROPERTIES only',
  );
}
