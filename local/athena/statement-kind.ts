import { isWord, type Token, tokenize } from './sql-tokens.ts';

/** How Athena classes a statement. */
export interface StatementKind {
  readonly type: 'DDL' | 'DML' | 'UTILITY';
  readonly substatement: string;
}

const dml = ['SELECT', 'VALUES', 'INSERT', 'UPDATE', 'DELETE', 'MERGE', 'OPTIMIZE', 'VACUUM'];
const utility = ['SHOW', 'DESCRIBE', 'DESC', 'EXPLAIN'];

/** Classes a statement by its first words; a query that starts with `with` or a bracket is a SELECT. */
export function statementKind(sql: string): StatementKind {
  const tokens = tokenize(sql).filter((token) => token.value !== '(');
  const first = tokens[0]?.value.toUpperCase() ?? '';
  const second = tokens[1]?.value.toUpperCase() ?? '';
  if (first === 'WITH') return { type: 'DML', substatement: 'SELECT' };
  if (first === 'VALUES') return { type: 'DML', substatement: 'SELECT' };
  if (dml.includes(first)) return { type: 'DML', substatement: first };
  if (first === 'DESC' || first === 'DESCRIBE') return { type: 'UTILITY', substatement: 'DESCRIBE_TABLE' };
  if (first === 'SHOW')
    return { type: 'UTILITY', substatement: second === 'CREATE' ? 'SHOW_CREATE_TABLE' : `SHOW_${second}` };
  if (utility.includes(first)) return { type: 'UTILITY', substatement: first };
  if (first === 'CREATE' && isCtas(tokens)) return { type: 'DDL', substatement: 'CREATE_TABLE_AS_SELECT' };
  const object = tokens.find((token) => isWord(token, 'table', 'view', 'database', 'schema'));
  return {
    type: 'DDL',
    substatement: [first, object?.value.toUpperCase()].filter((part) => part !== undefined).join('_'),
  };
}

function isCtas(tokens: readonly Token[]): boolean {
  const table = tokens.findIndex((token) => isWord(token, 'table'));
  return (
    table !== -1 &&
    table <= 3 &&
    tokens.some((token, at) => isWord(token, 'as') && isWord(tokens[at + 1], 'select', 'with'))
  );
}
