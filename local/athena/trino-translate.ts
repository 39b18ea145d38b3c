import { EngineError } from './engine.ts';
import { type QualifiedName, readColumns, TokenReader } from './iceberg-ddl.ts';
import { readShow, type ShowPlan } from './show-statement.ts';
import { quoteName, quoteString } from './sql-text.ts';
import { isSymbol, isWord, statementTokens, type Token, tokenize } from './sql-tokens.ts';
import {
  createJsonTableInTrino,
  createTableAsInTrino,
  createTableInTrino,
  extraProperties,
  readProperties,
  trinoColumn,
  trinoName,
} from './trino-ddl.ts';
import { trinoTypeOf } from './trino-types.ts';

/** What Trino has to do for a statement in Athena's dialect. */
export type TrinoPlan =
  /** Statements one after the other; the last one's result is the whole's. */
  | { readonly kind: 'run'; readonly sql: readonly string[] }
  | { readonly kind: 'vacuum'; readonly table: QualifiedName }
  | ShowPlan;

/** Translates one statement. Queries and DML are Trino's already, metadata tables included. @throws EngineError SYNTAX_ERROR for what Athena does not have. */
export function translateToTrino(sql: string, database: string): TrinoPlan {
  const tokens = statementTokens(sql);
  const text = sql.slice(0, tokens.at(-1)?.end ?? 0);
  const reader = new TokenReader(tokens);
  const queries = ['select', 'with', 'values', 'explain', 'insert', 'delete', 'update', 'merge'];
  if (isSymbol(reader.next, '(') || isWord(reader.next, ...queries)) return run(text);
  if (reader.take('optimize')) return optimize(reader, text, database);
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
  if (reader.take('alter', 'table')) return alter(sql, database);
  if (reader.take('drop')) return drop(reader, database);
  return reader.fail(
    "'ALTER', 'CREATE', 'DELETE', 'DESCRIBE', 'DROP', 'EXPLAIN', 'INSERT', 'MERGE', 'OPTIMIZE', 'SHOW', 'UPDATE', 'VACUUM', <query>",
  );
}

function run(...sql: string[]): TrinoPlan {
  return { kind: 'run', sql };
}

/** A reader of the statement as Hive reads it, after its first words. */
function hiveReader(sql: string, ...words: readonly string[]): TokenReader {
  const tokens = statementTokens(sql, 'hive');
  const reader = new TokenReader(tokens);
  reader.take(...words);
  return reader;
}

function optimize(reader: TokenReader, text: string, database: string): TrinoPlan {
  reader.expectNoDoubleQuotes();
  const table = reader.qualifiedName(database);
  if (!reader.take('rewrite', 'data', 'using', 'bin_pack')) reader.fail("'REWRITE DATA USING BIN_PACK'");
  if (!reader.done && !isWord(reader.next, 'where')) reader.fail("'WHERE', <EOF>");
  const condition = reader.next === undefined ? '' : ` ${text.slice(reader.next.start)}`;
  return run(`alter table ${trinoName(table)} execute optimize${condition}`);
}

function create(sql: string, reader: TokenReader, tokens: readonly Token[], text: string, database: string): TrinoPlan {
  if (reader.take('or', 'replace', 'view') || reader.take('view')) return run(text);
  if (reader.take('database') || reader.take('schema')) {
    const ifNotExists = reader.take('if', 'not', 'exists') ? 'if not exists ' : '';
    const name = quoteName(reader.name());
    const location = reader.take('location') ? reader.takeString() : undefined;
    const properties = location === undefined ? '' : ` with (location = ${quoteString(location)})`;
    return run(`create schema ${ifNotExists}${name}${properties}`);
  }
  if (reader.take('external', 'table')) {
    return run(createJsonTableInTrino(hiveReader(sql, 'create', 'external', 'table'), database));
  }
  if (!reader.take('table')) {
    throw new EngineError('NOT_SUPPORTED', 'this engine creates databases, tables and views only');
  }
  const query = tokens.find((token, at) => isWord(token, 'as') && isWord(tokens[at + 1], 'select', 'with', 'values'));
  if (query === undefined) return run(createTableInTrino(hiveReader(sql, 'create', 'table'), database));
  return run(createTableAsInTrino(tokens, text, query));
}

function alter(sql: string, database: string): TrinoPlan {
  const reader = hiveReader(sql, 'alter', 'table');
  const begin = `alter table ${trinoName(reader.qualifiedName(database))}`;
  if (reader.take('add', 'columns')) {
    return run(...readColumns(reader).map((column) => `${begin} add column ${trinoColumn(column)}`));
  }
  if (reader.take('drop', 'column')) return run(`${begin} drop column ${quoteName(reader.name())}`);
  if (reader.take('rename', 'to')) return run(`${begin} rename to ${trinoName(reader.qualifiedName(database))}`);
  if (reader.take('set', 'tblproperties'))
    return run(`${begin} set properties ${extraProperties(readProperties(reader))}`);
  if (reader.take('change', 'column') || reader.take('change')) return changeColumn(sql, reader, begin);
  throw new EngineError(
    'NOT_SUPPORTED',
    'this engine alters a table by ADD COLUMNS, CHANGE COLUMN, DROP COLUMN, RENAME TO and SET TBLPROPERTIES only',
  );
}

/** `CHANGE COLUMN old new type`: one statement of Athena's renames and widens. */
function changeColumn(sql: string, reader: TokenReader, begin: string): TrinoPlan {
  const old = reader.name();
  const definition = `(${sql.slice(reader.next?.start).replace(/;\s*$/, '')})`;
  const [column] = readColumns(new TokenReader(tokenize(definition, 'hive')));
  if (column === undefined) return reader.fail('<identifier>');
  const name = quoteName(column.name);
  return run(
    ...(column.name === old ? [] : [`${begin} rename column ${quoteName(old)} to ${name}`]),
    `${begin} alter column ${name} set data type ${trinoTypeOf(column.type)}`,
  );
}

/** Names in Hive's backticks are Trino's in double quotes. */
function drop(reader: TokenReader, database: string): TrinoPlan {
  const isDatabase = reader.take('database') || reader.take('schema');
  const kind = isDatabase ? 'schema' : reader.take('view') ? 'view' : 'table';
  if (kind === 'table' && !reader.take('table')) reader.fail("'DATABASE', 'TABLE', 'VIEW'");
  const ifExists = reader.take('if', 'exists') ? 'if exists ' : '';
  const name = isDatabase ? quoteName(reader.name()) : trinoName(reader.qualifiedName(database));
  return run(`drop ${kind} ${ifExists}${name}${reader.take('cascade') ? ' cascade' : ''}`);
}
