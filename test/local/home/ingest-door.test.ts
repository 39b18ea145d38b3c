import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { z } from 'zod';
import { ingestThroughDoor, openIngestDoor } from '../../../local/home/ingest-door.ts';

const keyOf = (home: string) =>
  z
    .object({ url: z.string(), secret: z.string() })
    .parse(JSON.parse(readFileSync(join(home, 'ingest-door.json'), 'utf8')));

test.each<[string, (secret: string) => Record<string, string>]>([
  ['without the secret', () => ({})],
  [
    'with another secret',
    (secret) => ({ authorization: secret.replace(/^./, (first) => (first === '0' ? '1' : '0')) }),
  ],
  ['with the beginning of the secret', (secret) => ({ authorization: secret.slice(0, -1) })],
  ['with more than the secret', (secret) => ({ authorization: `${secret}0` })],
])('whoever knocks %s is turned away, and nothing is loaded', async (_, headers) => {
  const home = mkdtempSync(join(tmpdir(), 'lethe-door-'));
  let loads = 0;
  const door = await openIngestDoor(home, async () => {
    loads += 1;
    return { accepted: 1, rejectedByReason: {} };
  });
  try {
    expect(statSync(join(home, 'ingest-door.json')).mode & 0o777).toBe(0o600);
    const { url, secret } = keyOf(home);
    const body = JSON.stringify({ topic: 'chat', path: '/a.ndjson', again: false });
    const response = await fetch(url, { method: 'POST', headers: headers(secret), body });
    expect([response.status, await response.text(), loads]).toEqual([403, '', 0]);
  } finally {
    await door.close();
    rmSync(home, { recursive: true });
  }
});

describe('who waits at the door behind another load', () => {
  const home = mkdtempSync(join(tmpdir(), 'lethe-door-'));
  const request = { topic: 'chat', path: '/a.ndjson', again: false };
  let release = () => {};
  const loaded = new Promise<void>((resolve) => {
    release = resolve;
  });
  let door: Awaited<ReturnType<typeof openIngestDoor>>;
  beforeAll(async () => {
    const ingest = async () => {
      await loaded;
      return { accepted: 1, rejectedByReason: {} };
    };
    door = await openIngestDoor(home, ingest, 5);
  });
  afterAll(async () => {
    await door.close();
    rmSync(home, { recursive: true });
  });

  test('is answered at once and hears from time to time that the load goes on', async () => {
    const { url, secret } = keyOf(home);
    const told: string[] = [];
    const result = ingestThroughDoor(home, request, ({ accepted }) => told.push(`${accepted}`));
    const response = await fetch(url, {
      method: 'POST',
      headers: { authorization: secret },
      body: JSON.stringify(request),
      signal: AbortSignal.timeout(5_000),
    });
    expect(response.status).toBe(200);
    await setTimeout(50);
    release();
    expect(await response.text()).toMatch(/^\n+\{"result":\{"accepted":1,/);
    expect(await result).toEqual({ accepted: 1, rejectedByReason: {} });
    expect(told).toEqual([]);
  });
});
