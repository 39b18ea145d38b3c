import { EngineError, type EngineErrorCode } from './engine.ts';

/** DuckDB's messages begin with a class of error; the first rule that matches names Athena's. */
const rules: readonly (readonly [RegExp, EngineErrorCode])[] = [
  // Two transactions changed the same rows: what Iceberg reports when a commit finds another in its way.
  [/^TransactionContext Error/, 'ICEBERG_COMMIT_ERROR'],
  [/^Parser Error/, 'SYNTAX_ERROR'],
  [/^Catalog Error: (?:Table|View) with name .* does not exist/, 'TABLE_NOT_FOUND'],
  [/^Catalog Error: (?:Table|View) with name .* already exists/, 'TABLE_ALREADY_EXISTS'],
  [/^Catalog Error: .*Function with name .* does not exist/, 'FUNCTION_NOT_FOUND'],
  [/^Catalog Error: .*[Ss]chema.*does not exist/, 'SCHEMA_NOT_FOUND'],
  [
    /^Binder Error: (?:Referenced column|Table "[^"]*" does not have a column|Values list "[^"]*" does not have)/,
    'COLUMN_NOT_FOUND',
  ],
  [/^Binder Error: Referenced table/, 'TABLE_NOT_FOUND'],
  [/^Binder Error: (?:No function matches|Cannot compare|Macro .* does not support)/, 'TYPE_MISMATCH'],
  [/^Binder Error/, 'SYNTAX_ERROR'],
  [/^Conversion Error/, 'INVALID_CAST_ARGUMENT'],
  [/^(?:Out of Range|Overflow) Error/, 'NUMERIC_VALUE_OUT_OF_RANGE'],
  [/^Constraint Error/, 'CONSTRAINT_VIOLATION'],
  [/^Out of Memory Error/, 'EXCEEDED_LOCAL_MEMORY_LIMIT'],
  [/^(?:Not implemented|NotImplemented) Error/i, 'NOT_SUPPORTED'],
];

/** The message of an error of the native module, which need not be an Error of this realm (under jest it is not). */
export function duckdbMessage(error: unknown): string {
  const hasMessage = typeof error === 'object' && error !== null && 'message' in error;
  return hasMessage ? String(error.message) : String(error);
}

/** DuckDB's error in Athena's words; the position is given as `line 1:8`. An error of another kind is internal. */
export function engineErrorOf(error: unknown): EngineError {
  if (error instanceof EngineError) return error;
  const message = duckdbMessage(error).replace(/^Failed to extract statements: /, '');
  const code = rules.find(([pattern]) => pattern.test(message))?.[1] ?? 'GENERIC_INTERNAL_ERROR';
  const [, summary = message] = /^[A-Za-z ]+ Error: ([\s\S]*?)(?:\n\nLINE|\n\n|$)/.exec(message) ?? [];
  return new EngineError(code, `${position(message)}${summary.split('\n')[0] ?? ''}`);
}

/** DuckDB prints the line, possibly cut at its left with dots, and a caret under the spot. Only an uncut line tells the column. */
function position(message: string): string {
  const [, line, text = '', indent = ''] = /\nLINE (\d+): (.*)\n( *)\^/.exec(message) ?? [];
  if (line === undefined) return '';
  const column = indent.length - `LINE ${line}: `.length + 1;
  return text.startsWith('...') ? `line ${line}: ` : `line ${line}:${column}: `;
}
