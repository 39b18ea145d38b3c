import { readFileSync } from 'node:fs';
import { longestIdentity, mostSubjects } from '../../core/dsr/limits.ts';
import type { Regulation } from '../../core/dsr/request-store.ts';
import { InputError } from '../../core/errors.ts';

/** The law that somebody named. @throws InputError for one that is unknown. */
export function regulationOf(text: string): Regulation {
  if (text === 'gdpr' || text === 'ccpa') return text;
  throw new InputError(`--regulation "${text}" is unknown: give gdpr or ccpa.`);
}

/** The people named, each once. No message repeats an id. @throws InputError when there is none, or one that cannot be. */
export function peopleOf(userIds: readonly string[], file: string | undefined): string[] {
  const listed = file === undefined ? [] : linesOf(file);
  const people = [...new Set([...userIds, ...listed])];
  if (people.length === 0)
    throw new InputError('There is nobody to forget: give a user id, or --file with one a line.');
  if (people.length > mostSubjects) {
    throw new InputError(`${people.length} user ids are too many for one batch: give at most ${mostSubjects}.`);
  }
  const wrong = people.findIndex((id) => id.trim() === '' || id.length > longestIdentity);
  if (wrong >= 0) throw new InputError(`User id ${wrong + 1} is empty or longer than ${longestIdentity} characters.`);
  return people;
}

function linesOf(file: string): string[] {
  return textOf(file)
    .split(/\r?\n/)
    .filter((line) => line !== '');
}

/** Text without its byte order mark: with it the first person would be somebody else, of whom there is no row. */
function textOf(file: string): string {
  let bytes: Buffer;
  try {
    bytes = readFileSync(file);
  } catch {
    throw new InputError(`--file ${file}: there is no such file, or it may not be read; check the name.`);
  }
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw new InputError(`--file ${file}: is not in UTF-8, so that ids in it may be read wrongly; save it as UTF-8.`);
  }
}
