/** A name quoted for SQL. */
export function quoteName(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

/** A string literal of SQL. */
export function quoteString(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}
