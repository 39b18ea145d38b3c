import { z } from 'zod';
import { InputError } from '../../core/errors.ts';

/** How to be let in: a token that somebody has got already, or a name and a password. */
export type SupersetLogin = { readonly token: string } | { readonly username: string; readonly password: string };

export interface SupersetAnswer {
  readonly status: number;
  readonly body: unknown;
}

const loginShape = z.object({ access_token: z.string() });
const csrfShape = z.object({ result: z.string() });

/** Superset's REST API, as one user. */
export class SupersetClient {
  readonly #url: string;
  readonly #headers: Readonly<Record<string, string>>;

  private constructor(url: string, headers: Readonly<Record<string, string>>) {
    this.#url = url;
    this.#headers = headers;
  }

  /** Logs in. @throws InputError when nothing answers there, or it does not let us in. */
  static async connect(address: string, login: SupersetLogin): Promise<SupersetClient> {
    const url = address.replace(/\/+$/, '');
    const token = 'token' in login ? login.token : await tokenOf(url, login);
    const headers = { accept: 'application/json', authorization: `Bearer ${token}` };
    const response = await reach(`${url}/api/v1/security/csrf_token/`, { headers });
    const csrf = csrfShape.safeParse(await bodyOf(response));
    if (!response.ok || !csrf.success) {
      throw new InputError(`Superset at ${url} does not accept the token (status ${response.status}): log in again.`);
    }
    // The CSRF token counts in the session that it was given to, and only for a page of Superset's own.
    const cookie = response.headers
      .getSetCookie()
      .map((line) => line.split(';')[0] ?? '')
      .join('; ');
    return new SupersetClient(url, { ...headers, 'x-csrftoken': csrf.data.result, referer: `${url}/`, cookie });
  }

  /** Asks for a path below `/api/v1/`, its query included. */
  async ask(path: string, init: RequestInit = {}): Promise<SupersetAnswer> {
    const response = await reach(`${this.#url}/api/v1/${path}`, {
      ...init,
      headers: { ...this.#headers, ...init.headers },
    });
    return { status: response.status, body: await bodyOf(response) };
  }
}

async function tokenOf(url: string, { username, password }: { username: string; password: string }): Promise<string> {
  const response = await reach(`${url}/api/v1/security/login`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ username, password, provider: 'db', refresh: false }),
  });
  const answer = loginShape.safeParse(await bodyOf(response));
  if (!answer.success)
    throw new InputError(`Superset at ${url} refuses this user name and password (status ${response.status}).`);
  return answer.data.access_token;
}

async function reach(url: string, init: RequestInit): Promise<Response> {
  try {
    return await fetch(url, init);
  } catch {
    throw new InputError(`Nothing answers at ${new URL(url).origin}: is it the address of Superset?`);
  }
}

async function bodyOf(response: Response): Promise<unknown> {
  const text = await response.text();
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
