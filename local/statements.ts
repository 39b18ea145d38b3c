import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseStatement, type StatementFile } from '../core/sql/statement.ts';

/** Reads statement files below a folder, each once. */
export function statementsBelow(...directories: readonly string[]): (name: string) => StatementFile {
  const known = new Map<string, StatementFile>();
  return (name) => {
    const before = known.get(name);
    if (before !== undefined) return before;
    const file = parseStatement(name, readFirst(directories, name));
    known.set(name, file);
    return file;
  };
}

function readFirst(directories: readonly string[], name: string): string {
  for (const [index, directory] of directories.entries()) {
    try {
      return readFileSync(join(directory, `${name}.sql`), 'utf8');
    } catch (error) {
      if (index === directories.length - 1) throw error;
    }
  }
  throw new Error(`No folder to read sql/${name}.sql from`);
}
