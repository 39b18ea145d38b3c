import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { message } from '../../dsr/erasing-lake.ts';
import { lethe, scratchFolder } from './command-line.ts';

jest.setTimeout(120_000);

const folder = scratchFolder();
const home = join(folder, 'home');
const at = ['--home', home];
const now = new Date('2026-01-09T02:00:00Z');
const leaver = 'leaver-3f1c9a';
const file = (name: string, text: string) => {
  writeFileSync(join(folder, name), text);
  return join(folder, name);
};

const erasedShape = z.object({ batches: z.array(z.object({ evidence: z.string(), verified: z.literal(true) })) });

test('a person is forgotten step by step, with evidence that holds offline and an absence that is proven', async () => {
  const lines = [message('c1', leaver, '2026-01-05T10:00:00Z'), message('c2', 'stayer', '2026-01-05T11:00:00Z')];
  await lethe(['ingest', '--topic', 'chat', file('a.ndjson', lines.join('\n')), ...at]);
  await lethe(['backfill', '--from', '2026-01-05', '--to', '2026-01-05', ...at]);

  const dry = await lethe(['forget', leaver, '--dry-run', '--json', ...at], now);
  const [mine, nothing] = [
    { rows: 1, days: 1, rowsRewritten: 1 },
    { rows: 0, days: 0, rowsRewritten: 0 },
  ];
  expect(JSON.parse(dry.out)).toEqual({
    dryRun: { bronze_chat_events: mine, bronze_tool_calls: nothing, silver_messages: mine, silver_tool_calls: nothing },
    people: 1,
    days: 1,
    regulation: 'gdpr',
    due: '2026-02-09T02:00:00.000Z',
  });
  const told = await lethe(['forget', leaver, '--dry-run', '--regulation', 'ccpa', ...at], now);
  expect(told.out).toMatch(/silver_messages: 1 row on 1 day, 1 row of others written anew/);
  expect(told.out).toMatch(/made again for 1 day\. .* due by 2026-02-23T02:00:00\.000Z \(ccpa\)/);
  expect((await lethe(['requests', ...at], now)).out).toMatch(/Nobody/);

  const forgotten = await lethe(['forget', leaver, '--regulation', 'ccpa', '--json', ...at], now);
  expect(forgotten).toMatchObject({ status: 0 });
  for (const step of [
    'Open a batch',
    'Run delete_subjects',
    'Build silver_user_daily',
    'Prove the erasure',
    'simulated',
  ]) {
    expect(forgotten.err).toContain(step);
  }
  const [erased] = erasedShape.parse(JSON.parse(forgotten.out)).batches;
  const evidence = erased?.evidence ?? '';
  const requests = await lethe(['requests', '--json', ...at], now);
  expect(JSON.parse(requests.out)).toMatchObject({
    requests: [{ regulation: 'ccpa', status: 'completed', due: '2026-02-23T02:00:00.000Z', stage: 'closed' }],
  });

  const key = file('key.pem', readFileSync(join(home, 'erasures', 'keys', 'evidence-public.pem'), 'utf8'));
  const elsewhere = ['--home', join(folder, 'nowhere'), '--public-key', key];
  const verified = await lethe(['verify-evidence', evidence, ...elsewhere]);
  expect(verified).toMatchObject({ status: 0, out: expect.stringContaining('simulated clock') });
  const forged = file('forged.json', readFileSync(evidence, 'utf8').replace('"subjects": 1,', '"subjects": 0,'));
  expect(await lethe(['verify-evidence', forged, ...elsewhere])).toMatchObject({ status: 1 });

  const absence = await lethe(['prove-absence', leaver, ...at], now);
  expect(absence).toMatchObject({ status: 0, out: expect.stringMatching(/Erased up to 2026-01-09[\s\S]*0 rows/) });
  const presence = await lethe(['prove-absence', 'stayer', ...at], now);
  expect(presence).toMatchObject({ status: 1, err: expect.stringMatching(/not absent/) });
  for (const { out, err } of [dry, told, forgotten, requests, verified, absence])
    expect(out + err).not.toContain(leaver);
});

test('a file of people is submitted as requests that wait, and one of them is taken back', async () => {
  const people = Array.from({ length: 200 }, (_, n) => `person-${n}`);
  const submitted = await lethe(
    ['forget', '--file', file('p.txt', people.join('\r\n')), '--no-run', '--json', ...at],
    now,
  );
  const { requests } = z.object({ requests: z.array(z.string()) }).parse(JSON.parse(submitted.out));
  expect(requests).toHaveLength(200);
  const [first = ''] = requests;
  const dry = await lethe(['run', 'dsr', '--dry-run', ...at], now);
  expect(dry.out).toMatch(/200 requests of 200 people, the first due by 2026-02-09T02:00:00.000Z/);
  expect(dry.out).toMatch(/bronze_chat_events: 0 rows on 0 days\n/);
  const estimated = await lethe(['requests', '--json', ...at], now);
  expect(JSON.parse(estimated.out).estimate).toMatchObject({ requests: 200, people: 200, dollars: 0 });
  // None of them is in a batch yet.
  expect(await lethe(['forget', '--withdraw', first, ...at], now)).toMatchObject({ status: 0 });
  expect(await lethe(['forget', '--withdraw', first, ...at], now)).toMatchObject({ status: 2 });
  const { out } = await lethe(['requests', ...at], now);
  expect(out.match(/ pending$/gm)).toHaveLength(199);
  expect(await lethe(['run', 'dsr', ...at], now)).toMatchObject({ status: 0 });
  expect((await lethe(['requests', ...at], now)).out.match(/in_progress {2}gone from every query/g)).toHaveLength(199);
});
