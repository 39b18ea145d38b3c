import { invalidRequest } from './request-error.ts';
import { applyEdits, type Edit, isSymbol, isWord, type Token, tokenize } from './sql-tokens.ts';
import { statementKind } from './statement-kind.ts';

/**
 * The statement with its `?` replaced by the execution parameters, which are literals of SQL (`'text'`, `12`, `DATE '2026-01-01'`).
 * @throws RequestError when there are more or fewer than question marks, when one is no literal, or when the statement cannot have any.
 */
export function bindParameters(sql: string, parameters: readonly string[]): string {
  const marks = tokenize(sql).filter((token) => isSymbol(token, '?'));
  if (parameters.length === 0 && marks.length === 0) return sql;
  const { substatement } = statementKind(sql);
  if (!['SELECT', 'INSERT', 'CREATE_TABLE_AS_SELECT'].includes(substatement)) {
    throw invalidRequest(
      `Execution parameters are supported for SELECT, INSERT INTO and CREATE TABLE AS only, not for ${substatement}.`,
    );
  }
  if (marks.length !== parameters.length) {
    throw invalidRequest(`Incorrect number of parameters: expected ${marks.length} but found ${parameters.length}`);
  }
  const edits = marks.map(
    (mark, at): Edit => ({ start: mark.start, end: mark.end, text: literalOf(parameters[at] ?? '', at) }),
  );
  return applyEdits(sql, edits);
}

function literalOf(parameter: string, at: number): string {
  const tokens = tokenize(parameter);
  const unsigned = isSymbol(tokens[0], '-') || isSymbol(tokens[0], '+') ? tokens.slice(1) : tokens;
  const isNumber = unsigned.length === 1 && unsigned[0]?.kind === 'number';
  if (!isNumber && !isLiteral(tokens))
    throw invalidRequest(`Execution parameter ${at + 1} is not a literal. Put text in single quotes.`);
  return `(${parameter})`;
}

function isLiteral(tokens: readonly Token[]): boolean {
  const [first, second, ...rest] = tokens;
  if (rest.length > 0) return false;
  if (second === undefined) return first?.kind === 'string' || isWord(first, 'true', 'false', 'null');
  return isWord(first, 'date', 'time', 'timestamp', 'decimal', 'double') && second.kind === 'string';
}
