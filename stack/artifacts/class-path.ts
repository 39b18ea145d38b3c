import { readdirSync } from 'node:fs';
import { delimiter, join } from 'node:path';

/** The jars of a folder, for Java's `-cp`. */
export function classPath(folder: string): string {
  return readdirSync(folder)
    .filter((name) => name.endsWith('.jar'))
    .map((name) => join(folder, name))
    .join(delimiter);
}
