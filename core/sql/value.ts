import { DeclarationError } from '../errors.ts';

/**
 * A value on its way into SQL text, with the type that decides how it is written. Nothing else is ever put into a
 * statement: what comes from outside joins a table instead.
 */
export type SqlValue =
  | { readonly type: 'date'; readonly value: string }
  | { readonly type: 'timestamp'; readonly value: string }
  | { readonly type: 'integer'; readonly value: number }
  | { readonly type: 'decimal'; readonly value: string }
  | { readonly type: 'boolean'; readonly value: boolean }
  | { readonly type: 'text'; readonly value: string }
  | { readonly type: 'texts'; readonly value: readonly string[] }
  | { readonly type: 'null'; readonly as: 'date' | 'timestamp' }
  | { readonly type: 'identifier'; readonly value: string }
  | { readonly type: 'identifiers'; readonly value: readonly string[] }
  | { readonly type: 'rows'; readonly value: readonly (readonly SqlValue[])[] }
  | { readonly type: 'expression'; readonly value: string };

function matching(pattern: RegExp, text: string, type: string): string {
  if (!pattern.test(text)) throw new DeclarationError(`Not a ${type} for SQL: ${JSON.stringify(text)}.`);
  return text;
}

const quoted = (text: string) => `'${text.replaceAll("'", "''")}'`;

function identifier(name: string): string {
  return `"${matching(/^[a-z_][a-z0-9_$]*$/, name, 'identifier')}"`;
}

/** The SQL text of a value, in the spelling that Athena and DuckDB share. @throws DeclarationError for a value that does not fit its type. */
export function sqlText(value: SqlValue): string {
  switch (value.type) {
    case 'date':
      return `date '${matching(/^\d{4}-\d{2}-\d{2}$/, value.value, 'date')}'`;
    case 'timestamp': {
      const instant = matching(/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d{1,6})?Z$/, value.value, 'timestamp');
      return `timestamp '${instant.slice(0, -1).replace('T', ' ')}'`;
    }
    case 'integer':
      return matching(/^-?\d+$/, String(value.value), 'whole number');
    case 'decimal':
      return matching(/^-?\d+(\.\d+)?$/, value.value, 'decimal number');
    case 'boolean':
      return String(value.value);
    case 'text':
      return quoted(value.value);
    case 'texts':
      return value.value.map(quoted).join(', ');
    case 'null':
      return `cast(null as ${value.as})`;
    case 'identifier':
      return identifier(value.value);
    case 'identifiers':
      return value.value.map(identifier).join(', ');
    case 'rows':
      if (value.value.length === 0) throw new DeclarationError('A list of rows for SQL is empty.');
      return `values ${value.value.map((row) => `(${row.map(sqlText).join(', ')})`).join(', ')}`;
    case 'expression':
      return value.value;
  }
}
