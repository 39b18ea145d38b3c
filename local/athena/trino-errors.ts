import { EngineError, type EngineErrorCode } from './engine.ts';

/** Trino's names of errors that Athena passes on under the same name. */
const sameName: readonly EngineErrorCode[] = [
  'SYNTAX_ERROR',
  'TABLE_NOT_FOUND',
  'COLUMN_NOT_FOUND',
  'FUNCTION_NOT_FOUND',
  'SCHEMA_NOT_FOUND',
  'TABLE_ALREADY_EXISTS',
  'TYPE_MISMATCH',
  'NOT_SUPPORTED',
  'INVALID_CAST_ARGUMENT',
  'DIVISION_BY_ZERO',
  'NUMERIC_VALUE_OUT_OF_RANGE',
  'CONSTRAINT_VIOLATION',
  'EXCEEDED_LOCAL_MEMORY_LIMIT',
  'ICEBERG_COMMIT_ERROR',
];

const renamed = new Map<string, EngineErrorCode>([
  ['TRANSACTION_CONFLICT', 'ICEBERG_COMMIT_ERROR'],
  ['MERGE_TARGET_ROW_MULTIPLE_MATCHES', 'CONSTRAINT_VIOLATION'],
]);

/** What is left of an error that has no name of its own here, by Trino's own division of them. */
const ofType = new Map<string, EngineErrorCode>([
  ['USER_ERROR', 'INVALID_PARAMETER_USAGE'],
  ['INSUFFICIENT_RESOURCES', 'EXCEEDED_LOCAL_MEMORY_LIMIT'],
]);

/** Trino's error in Athena's words. The text can name the ids of rows that stood in the way of a commit. */
export function trinoError(error: { message: string; errorName: string; errorType: string }): EngineError {
  const code =
    sameName.find((name) => name === error.errorName) ??
    renamed.get(error.errorName) ??
    ofType.get(error.errorType) ??
    'GENERIC_INTERNAL_ERROR';
  return new EngineError(code, error.message);
}
