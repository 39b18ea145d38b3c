import { randomBytes } from 'node:crypto';
import { InputError } from '../../core/errors.ts';

/** Characters that a cookie, a header and an address carry as they are; sixteen of them cannot be tried out. */
const tokenShape = /^[A-Za-z0-9_-]{16,}$/;

/** The token that was set, or a new one where none was. @throws InputError for one that was set and will not do, such as an empty one. */
export function tokenFrom(set: string | undefined): string {
  return set === undefined ? randomBytes(24).toString('base64url') : expectToken(set, 'LETHE_CONSOLE_TOKEN');
}

/** Gives back a token that will do; `what` names it in the error. @throws InputError for one that is short, or has other characters. */
export function expectToken(token: string, what: string): string {
  if (tokenShape.test(token)) return token;
  throw new InputError(
    `${what} ${token === '' ? 'is empty' : 'will not do'}: give at least 16 characters of A-Z, a-z, 0-9, _ and -, for example those of "openssl rand -hex 24".`,
  );
}
