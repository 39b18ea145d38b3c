import fc from 'fast-check';
import { DeclarationError } from '../../../core/errors.ts';
import { fillIn, parseStatement } from '../../../core/sql/statement.ts';
import { sqlText } from '../../../core/sql/value.ts';

const text = ['-- One row.', '-- grain: id', '-- params: from date', 'select {{from}}'].join('\n');

test('a statement is filled in without its header', () => {
  const statement = parseStatement('a/b', text);
  expect(statement).toMatchObject({ sentence: 'One row.', grain: 'id' });
  expect(fillIn(statement, { from: { type: 'date', value: '2026-01-05' } })).toBe("select date '2026-01-05'");
});

test('names of OPTIMIZE and VACUUM are bare, since Athena takes no double quotes there, and those of all else are quoted', () => {
  const of = (body: string) =>
    fillIn(parseStatement('a/b', `-- One.\n-- grain: none\n-- params: table identifier, scope expression\n${body}`), {
      table: { type: 'identifier', value: 'visits' },
      scope: { type: 'expression', value: `"dt" = date '2026-01-05'` },
    });
  expect(of('optimize {{table}} rewrite data using bin_pack where {{scope}}')).toBe(
    `optimize visits rewrite data using bin_pack where dt = date '2026-01-05'`,
  );
  expect(of('delete from {{table}} where {{scope}}')).toBe(`delete from "visits" where "dt" = date '2026-01-05'`);
});

test.each([
  ['a placeholder that the header does not declare', `${text}, {{to}}`],
  ['a param that the statement does not use', text.replace('from date', 'from date, to date')],
  ['no header', 'select 1'],
  ['a comment in the statement, which Athena rejects in DDL', `${text}\n-- no`],
  ['a semicolon', `${text};`],
])('a file with %s is refused', (_, broken) => {
  expect(() => parseStatement('a/b', broken)).toThrow(DeclarationError);
});

test('a value of another type than declared is refused', () => {
  expect(() => fillIn(parseStatement('a/b', text), { from: { type: 'text', value: '2026-01-05' } })).toThrow(
    'declared date and given text',
  );
});

test('whatever a text holds, it stays one literal', () => {
  fc.assert(
    fc.property(fc.string(), (value) => {
      const literal = sqlText({ type: 'text', value });
      expect(literal.slice(1, -1).replaceAll("''", '')).not.toContain("'");
      expect(literal.slice(1, -1).replaceAll("''", "'")).toBe(value);
    }),
  );
});

test.each([
  { type: 'date', value: "2026-01-05' or '1'='1" },
  { type: 'timestamp', value: '2026-01-05' },
  { type: 'identifier', value: 'a"b' },
  { type: 'integer', value: 1.5 },
  { type: 'decimal', value: '1e5' },
  { type: 'rows', value: [] },
] as const)('a $type that is none is refused: $value', (value) => {
  expect(() => sqlText(value)).toThrow(DeclarationError);
});
