import { EngineError } from './engine.ts';
import type { QualifiedName, TokenReader } from './iceberg-ddl.ts';

/** What a SHOW statement asks for. */
export type ShowPlan =
  | { readonly kind: 'show databases' }
  /** `pattern` is Athena's regular expression. */
  | { readonly kind: 'show tables'; readonly database: string; readonly pattern: string | undefined }
  | { readonly kind: 'describe'; readonly table: QualifiedName };

/** Reads what follows SHOW. @throws EngineError for what Athena does not have, and for words left over: Athena's SHOW TABLES has no LIKE. */
export function readShow(reader: TokenReader, database: string): ShowPlan {
  const plan = showPlan(reader, database);
  if (!reader.done) reader.fail('<EOF>');
  return plan;
}

function showPlan(reader: TokenReader, database: string): ShowPlan {
  if (reader.take('databases') || reader.take('schemas')) return { kind: 'show databases' };
  if (reader.take('tables')) {
    const owner = reader.take('in') || reader.take('from') ? reader.name() : database;
    return { kind: 'show tables', database: owner, pattern: reader.takeString() };
  }
  if (reader.take('columns')) {
    if (!reader.take('in') && !reader.take('from')) reader.fail("'IN', 'FROM'");
    return { kind: 'describe', table: reader.qualifiedName(database) };
  }
  throw new EngineError('NOT_SUPPORTED', 'this engine shows databases, tables and columns only');
}
