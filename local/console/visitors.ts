import { createHash, timingSafeEqual } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { isIPv6 } from 'node:net';
import { compliancePath } from './compliance-routes.ts';

/** Names by which a browser on this machine asks for the console. */
const loopback = new Set(['localhost', '127.0.0.1', '[::1]']);

/** Whether an address to bind to is reached from this machine alone. */
export function isLoopback(host: string): boolean {
  return loopback.has(isIPv6(host) ? `[${host}]` : host);
}

export type Verdict =
  | { readonly admitted: true; readonly setCookie?: string }
  | { readonly admitted: false; readonly status: number; readonly error: string };

const cookieName = 'lethe_console';

/**
 * Decides whether a request may be answered. Without a token only this machine's own names will do, so that no foreign
 * page can point a name of its own here; with one, the request has to carry it, as a cookie, a bearer or, once, in the address.
 */
export function judge(request: IncomingMessage, url: URL, token: string | undefined): Verdict {
  const isChange = request.method === 'POST' && url.pathname.startsWith(`${compliancePath}/`);
  if (request.method !== 'GET' && request.method !== 'HEAD' && !isChange) {
    return { admitted: false, status: 405, error: 'The console only answers GET.' };
  }
  const { origin, host: named = '', 'sec-fetch-site': site } = request.headers;
  if (isChange && origin !== undefined && !(URL.canParse(origin) && new URL(origin).host === named)) {
    return { admitted: false, status: 403, error: 'The console does not answer the pages of others.' };
  }
  // A link elsewhere may lead here; a form may not.
  const isNavigation = request.headers['sec-fetch-mode'] === 'navigate' && !isChange;
  if (site !== undefined && site !== 'same-origin' && site !== 'none' && !isNavigation) {
    return { admitted: false, status: 403, error: 'The console does not answer the pages of others.' };
  }
  if (token === undefined) {
    const host = named.replace(/:\d+$/, '');
    if (loopback.has(host)) return { admitted: true };
    return { admitted: false, status: 403, error: 'The console answers on localhost only.' };
  }
  const typed = url.searchParams.get('token');
  if (typed !== null && equal(typed, token)) {
    return { admitted: true, setCookie: `${cookieName}=${token}; HttpOnly; SameSite=Strict; Path=/` };
  }
  const carried = [bearerOf(request), cookieOf(request)].filter((value) => value !== undefined);
  if (carried.some((value) => equal(value, token))) return { admitted: true };
  return { admitted: false, status: 401, error: 'Open the address with the token that "lethe console" has printed.' };
}

function bearerOf(request: IncomingMessage): string | undefined {
  return /^Bearer (\S+)$/.exec(request.headers.authorization ?? '')?.[1];
}

function cookieOf(request: IncomingMessage): string | undefined {
  const cookies = (request.headers.cookie ?? '').split('; ');
  return cookies.find((cookie) => cookie.startsWith(`${cookieName}=`))?.slice(cookieName.length + 1);
}

/** Compares digests, which takes as long for a near miss as for a far one. */
function equal(given: string, expected: string): boolean {
  const digest = (text: string) => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(given), digest(expected));
}
