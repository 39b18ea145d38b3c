import { request as httpRequest } from 'node:http';
import { z } from 'zod';
import type { Console } from '../../../local/console/serve-console.ts';
import { type EmbeddedLake, openLake } from '../embedded-lake.ts';
import { serveLake } from './serve-demo.ts';

let lake: EmbeddedLake;
let open: Console;
let guarded: Console;
beforeAll(async () => {
  lake = await openLake();
  open = await serveLake(lake);
  guarded = await serveLake(lake, { host: '0.0.0.0', token: 'a-long-secret-of-26-letters' });
});
afterAll(async () => {
  await open.close();
  await guarded.close();
  await lake.close();
});

interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: string;
}

/** A request with any headers, `Host` among them, which fetch would not send. */
function ask(
  base: string,
  path: string,
  headers: Record<string, string> = {},
  method = 'GET',
  body = '',
): Promise<Answer> {
  const { port } = new URL(base);
  return new Promise((resolve, reject) => {
    const request = httpRequest({ host: '127.0.0.1', port, path, headers, method }, (response) => {
      let body = '';
      response.on('data', (part) => {
        body += part;
      });
      response.on('end', () => resolve({ status: response.statusCode ?? 0, headers: response.headers, body }));
    });
    request.on('error', reject);
    request.end(body);
  });
}

const operationsShape = z.object({ runs: z.array(z.object({ id: z.string(), outcome: z.string() })) });

const chartPath = '/api/charts/messages?grain=DAILY&from=2026-01-01&to=2026-02-01';

describe('the console', () => {
  test('sends a page that may load nothing from elsewhere and stand in no frame', async () => {
    const { status, headers, body } = await ask(open.url, '/overview');
    expect(status).toBe(200);
    const policy = String(headers['content-security-policy']);
    expect(policy).toContain("default-src 'none'");
    expect(policy).toContain("script-src 'self';");
    expect(policy).toContain("frame-ancestors 'none'");
    expect(headers['access-control-allow-origin']).toBeUndefined();
    expect(body).not.toMatch(/(src|href)="https?:/);
  });

  test('keeps its script below 300 kB on the way', async () => {
    const path = /\/assets\/console-\w+\.js/.exec((await ask(open.url, '/overview')).body)?.[0] ?? '';
    const { headers } = await ask(open.url, path, { 'accept-encoding': 'gzip' });
    expect(Number(headers['content-length'])).toBeLessThan(300_000);
    expect(headers['cache-control']).toContain('immutable');
  });

  test('answers by this machine’s own names only', async () => {
    expect((await ask(open.url, chartPath, { host: 'localhost:1' })).status).toBe(200);
    expect((await ask(open.url, chartPath, { host: 'rebound.example' })).status).toBe(403);
  });

  test('does not answer the pages of others, nor anything but GET', async () => {
    expect((await ask(open.url, chartPath, { 'sec-fetch-site': 'cross-site' })).status).toBe(403);
    expect((await ask(open.url, chartPath, { 'sec-fetch-site': 'same-origin' })).status).toBe(200);
    expect((await ask(open.url, chartPath, {}, 'POST')).status).toBe(405);
    expect((await ask(open.url, chartPath, {}, 'OPTIONS')).status).toBe(405);
  });

  test('bound elsewhere, insists on its token', async () => {
    expect((await ask(guarded.url, chartPath)).status).toBe(401);
    expect((await ask(guarded.url, `${chartPath}&token=guess`)).status).toBe(401);
    expect((await ask(guarded.url, chartPath, { authorization: 'Bearer a-long-secret-of-26-letters' })).status).toBe(
      200,
    );
    const { status, headers } = await ask(guarded.url, '/overview?token=a-long-secret-of-26-letters&grain=WEEKLY');
    expect(status).toBe(302);
    expect(headers.location).toBe('/overview?grain=WEEKLY');
    const cookie = String(headers['set-cookie']);
    expect(cookie).toContain('HttpOnly; SameSite=Strict');
    expect((await ask(guarded.url, chartPath, { cookie: cookie.split(';')[0] ?? '' })).status).toBe(200);
    await expect(serveLake(lake, { host: '0.0.0.0' })).rejects.toThrow('that needs a token');
    for (const host of ['0.0.0.0', '127.0.0.1']) {
      await expect(serveLake(lake, { host, token: '' })).rejects.toThrow('The token is empty');
    }
  });

  test('takes a deletion request from its own page alone, with the token where there is one', async () => {
    const body = JSON.stringify({ identity: 'person-1234567', again: 'person-1234567', regulation: 'gdpr' });
    const json = { 'content-type': 'application/json' };
    const submit = (base: string, headers: Record<string, string>, sent = body) =>
      ask(base, '/api/compliance/requests', headers, 'POST', sent);
    const { host } = new URL(open.url);
    const refused = await Promise.all([
      submit(open.url, { ...json, host: 'rebound.example' }),
      submit(open.url, { ...json, host, origin: 'https://elsewhere.example' }),
      submit(open.url, { ...json, host, origin: 'null' }),
      submit(open.url, { ...json, host, 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'navigate' }),
      submit(open.url, { host, 'content-type': 'text/plain' }),
      submit(open.url, { ...json, host }, body.replace('again":"person', 'again":"another')),
      submit(open.url, { ...json, host }, JSON.stringify({ identity: ' ', again: ' ', regulation: 'gdpr' })),
      submit(open.url, { ...json, host }, `{"identity":"${'x'.repeat(20_000)}"}`),
      submit(open.url, { ...json, host }, 'no JSON of person-1234567'),
      submit(guarded.url, json),
      ask(guarded.url, '/api/compliance'),
    ]);
    expect(refused.map(({ status }) => status)).toEqual([403, 403, 403, 403, 400, 400, 400, 400, 400, 401, 401]);
    for (const answer of refused) expect(answer.body).not.toContain('person-1234567');
    expect(await lake.session.erasures.store.requests()).toEqual([]);
    const taken = await submit(guarded.url, { ...json, authorization: 'Bearer a-long-secret-of-26-letters' });
    expect(taken.status).toBe(201);
    expect(taken.body).not.toContain('person-1234567');
    const [request] = await lake.session.erasures.store.requests();
    expect(request?.status).toBe('pending');
    expect((await ask(open.url, '/api/compliance/evidence/..%2f..%2fkeys%2fvault.key')).status).toBe(404);
  });

  test('calls a run interrupted that had no end when it opened, unless another process may be running it', async () => {
    const { ledger } = lake.session.runtime;
    const begin = (id: string, startedAt: string) =>
      ledger.startRun({ id, workflow: 'gold-daily', mode: 'scheduled', startedAt });
    // Killed while a simulated clock stood ahead.
    await begin('killed', '2046-03-01T00:00:00Z');
    const owner = await serveLake(lake);
    const guest = await serveLake(lake, { owned: false });
    try {
      await begin('begun-since', '2026-03-01T00:00:00Z');
      const outcomes = async ({ url }: Console) => {
        const { runs } = operationsShape.parse(JSON.parse((await ask(url, '/api/operations')).body));
        return Object.fromEntries(runs.map(({ id, outcome }) => [id, outcome]));
      };
      expect(await outcomes(owner)).toEqual({ killed: 'interrupted', 'begun-since': 'running' });
      expect(await outcomes(guest)).toEqual({ killed: 'running', 'begun-since': 'running' });
    } finally {
      await owner.close();
      await guest.close();
    }
  });

  test('refuses filters that it cannot read in one line', async () => {
    for (const path of [
      '/api/charts/messages?grain=HOURLY&from=2026-01-01&to=2026-02-01',
      '/api/charts/messages?grain=DAILY&from=2026-02-30&to=2026-03-01',
      '/api/charts/messages',
    ]) {
      const { status, body } = await ask(open.url, path);
      expect(status).toBe(400);
      expect(JSON.parse(body).error).toMatch(/^[^\n]+$/);
    }
    expect((await ask(open.url, '/api/charts/nothing?grain=DAILY')).status).toBe(404);
    expect((await ask(open.url, '/../package.json')).status).toBe(404);
  });

  test('says that a port is in use', async () => {
    const { port } = new URL(open.url);
    await expect(serveLake(lake, { port: Number(port) })).rejects.toThrow(`port ${port} is in use`);
  });
});
