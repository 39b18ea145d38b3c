import { TokenReader } from './iceberg-ddl.ts';
import { isSymbol, isWord, type Token } from './sql-tokens.ts';

/**
 * Reads a statement that begins like a query up to the word that says what it is. DuckDB takes DELETE, INSERT, MERGE and
 * UPDATE behind WITH and EXPLAIN ANALYZE too, and carries them out.
 *
 * @throws EngineError SYNTAX_ERROR when that word is none of a query.
 */
export function expectQuery(tokens: readonly Token[]): void {
  const reader = new TokenReader(tokens);
  if (reader.take('explain')) {
    const bracket = reader.take('analyze') ? 2 : 1;
    // Options. DuckDB has one more, `(analyze)`, which Athena has not.
    if (isSymbol(reader.next, '(') && isWord(tokens[bracket + 1], 'format', 'type')) reader.skipGroup();
  }
  if (reader.take('with')) skipNamedQueries(reader);
  let inBrackets = false;
  while (reader.takeSymbol('(')) inBrackets = true;
  if (isWord(reader.next, 'select', 'values') || (inBrackets && isWord(reader.next, 'with'))) return;
  reader.fail("'(', 'SELECT', 'VALUES'");
}

/** Skips `name (column, …) as (query), …`. */
function skipNamedQueries(reader: TokenReader): void {
  reader.take('recursive');
  do {
    reader.name();
    if (isSymbol(reader.next, '(')) reader.skipGroup();
    if (!reader.take('as')) reader.fail("'AS'");
    reader.skipGroup();
  } while (reader.takeSymbol(','));
}
