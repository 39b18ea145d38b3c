import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { z } from 'zod';
import { ingestThroughDoor, openIngestDoor } from '../../../local/home/ingest-door.ts';

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
    const { url, secret } = z
      .object({ url: z.string(), secret: z.string() })
      .parse(JSON.parse(readFileSync(join(home, 'ingest-door.json'), 'utf8')));
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
