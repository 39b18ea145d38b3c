import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { readEvidence, verifyEvidence } from '../../core/dsr/evidence.ts';
import { lethe } from '../local/cli/command-line.ts';
import { type EmbeddedLake, openLake, query } from '../local/embedded-lake.ts';
import { message, removeSources, tickToTheEnd } from './erasing-lake.ts';

/** As many as one batch takes; half of them have a message, one in two thousand has some on each of two days. */
const people = 100_000;
const name = (n: number) => `person-${String(n).padStart(6, '0')}-of-many`;
const submitted = new Date('2026-03-05T06:00:00Z');

let lake: EmbeddedLake;
afterAll(() => lake.close());

test('a file of 100,000 people is one batch, and all of them go', async () => {
  lake = await openLake({}, { at: submitted });
  const lines = [
    ...Array.from({ length: people / 2 }, (_, n) => message(`chat-${n}`, name(n), '2026-03-03T10:00:00Z')),
    ...Array.from({ length: 50 }, (_, n) => message(`late-${n}`, name(n * 2_000), '2026-03-04T10:00:00Z')),
    ...Array.from({ length: 500 }, (_, n) =>
      message(`other-${n}`, `stays-${n}-whatever-happens`, '2026-03-03T11:00:00Z'),
    ),
  ];
  await lake.ingest('chat', lines);
  removeSources(lake);
  const file = join(lake.home, 'leavers.txt');
  writeFileSync(file, Array.from({ length: people }, (_, n) => name(n)).join('\n'));

  const began = performance.now();
  const answer = await lethe(['forget', '--file', file, '--no-run', '--json', '--home', lake.home], submitted);
  const { requests } = z.object({ requests: z.array(z.string()) }).parse(JSON.parse(answer.out));
  expect(new Set(requests).size).toBe(people);
  const taken = performance.now();
  const batches = await tickToTheEnd(lake);
  const ended = performance.now();
  expect(batches.map(({ stage, subjects }) => [stage, subjects])).toEqual([['closed', people]]);
  expect(await query(lake.session, 'select count(*) as n from bronze_chat_events')).toEqual([{ n: '500' }]);
  const { keys, evidence, store } = lake.session.erasures;
  const kept = readEvidence(await evidence.keep(`${batches[0]?.id}.json`, ''), 'evidence');
  const { genuine, doubts, facts } = verifyEvidence(kept, await keys.publicKey());
  expect({ genuine, doubts, requests: facts.requests.length }).toEqual({ genuine: true, doubts: [], requests: people });
  expect((await store.requests()).filter(({ status }) => status !== 'completed')).toEqual([]);
  const seconds = (from: number, to: number) => ((to - from) / 1_000).toFixed(0);
  const { maxRSS } = process.resourceUsage();
  process.stdout.write(
    `${people} requests taken in ${seconds(began, taken)} s, carried out in ${seconds(taken, ended)} s, at most ${(maxRSS / 1024).toFixed(0)} MB\n`,
  );
  // Node, DuckDB and the test's own lists together.
  expect(maxRSS / 1024).toBeLessThan(3_000);
}, 1_500_000);
