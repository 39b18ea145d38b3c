/**
 * One row in canonical form: `bigint` columns are bigints, `double` numbers, decimals texts with nine places, dates
 * `YYYY-MM-DD`, timestamps `YYYY-MM-DD HH:MM:SS.mmm` (UTC), absent values null.
 */
export type Row = Record<string, string | number | bigint | null>;

/** The rows of each table by its name. */
export type Tables = Record<string, Row[]>;
