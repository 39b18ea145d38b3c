import { existsSync, linkSync, readFileSync, rmSync, writeFileSync } from 'node:fs';

/**
 * Keeps a text in a file for good: what was kept first stands. No half of a file is ever seen, whoever is killed and
 * whoever keeps it at the same time.
 *
 * @returns what the file holds.
 * @throws Error of the file system, when it cannot be kept.
 */
export function keepOnce(path: string, text: string, mode: number): string {
  const draft = `${path}.${process.pid}.draft`;
  try {
    writeFileSync(draft, text, { mode });
    // A link fails where something is already.
    linkSync(draft, path);
  } catch (error) {
    if (!existsSync(path)) throw error;
  } finally {
    rmSync(draft, { force: true });
  }
  return readFileSync(path, 'utf8');
}
