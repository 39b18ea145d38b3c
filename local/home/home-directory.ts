import { accessSync, constants, existsSync, mkdirSync, statSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { InputError } from '../../core/errors.ts';

/** The absolute path of a home folder, made when missing. @throws InputError when it is a file or cannot be written; then nothing was made. */
export function homeDirectory(directory: string): string {
  const home = resolve(directory);
  const stats = statSync(home, { throwIfNoEntry: false });
  if (stats !== undefined && !stats.isDirectory()) throw new InputError(`--home ${directory} is a file: name a folder`);
  try {
    accessSync(stats === undefined ? nearestFolder(home) : home, constants.W_OK | constants.X_OK);
    makeFolder(home);
  } catch {
    throw new InputError(`--home ${directory} cannot be written: name another folder, or change its permissions`);
  }
  return home;
}

function nearestFolder(path: string): string {
  const parent = dirname(path);
  return existsSync(parent) ? parent : nearestFolder(parent);
}

/** Folder by folder: Node's own recursive mkdir never returns where a file system answers "not found" to making one, as /proc does. */
function makeFolder(path: string): void {
  if (existsSync(path)) return;
  makeFolder(dirname(path));
  try {
    mkdirSync(path, { mode: 0o700 });
  } catch (error) {
    // Another process may have been quicker.
    if (!existsSync(path)) throw error;
  }
}
