import { accessSync, constants, mkdirSync, statSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { InputError } from '../../core/errors.ts';

/** The absolute path of a home folder, made when missing. @throws InputError when it is a file or cannot be written; then nothing was made. */
export function homeDirectory(directory: string): string {
  const home = resolve(directory);
  const stats = statSync(home, { throwIfNoEntry: false });
  if (stats !== undefined && !stats.isDirectory()) throw new InputError(`--home ${directory} is a file: name a folder`);
  try {
    accessSync(stats === undefined ? nearestFolder(home) : home, constants.W_OK | constants.X_OK);
    mkdirSync(home, { recursive: true, mode: 0o700 });
  } catch {
    throw new InputError(`--home ${directory} cannot be written: name another folder, or change its permissions`);
  }
  return home;
}

function nearestFolder(path: string): string {
  const parent = dirname(path);
  return statSync(parent, { throwIfNoEntry: false }) === undefined ? nearestFolder(parent) : parent;
}
