import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import { openedBatch } from '../../dsr/erasing-lake.ts';
import { openLake } from '../embedded-lake.ts';
import { lethe, letheProcess, scratchFolder } from './command-line.ts';

const cost = z.object({ statements: z.number(), bytes: z.number(), dollars: z.number() });
const costShape = z.object({
  days: z.array(cost.extend({ day: z.string() })),
  statements: z.array(cost.extend({ statement: z.string() })),
  total: cost,
});

const folder = scratchFolder();
const home = join(folder, 'home');
const at = ['--home', home];

function chat(day: string, id: number): string {
  const ids = `"chat_id":"c${id}","user_id":"u${id % 3}","room_id":"r${id % 2}"`;
  return `{${ids},"timestamp":"${day}T10:00:00Z","platform":"web","total_tokens":7,"total_cost":"0.25"}`;
}
const file = (name: string, ...lines: string[]) => {
  const path = join(folder, name);
  writeFileSync(path, lines.join('\n'));
  return path;
};

test('a home is filled, built, asked and described', async () => {
  const days = ['2026-01-05', '2026-01-06', '2026-01-07'];
  const first = file('a.ndjson', ...days.flatMap((day, at) => [chat(day, at * 2), chat(day, at * 2 + 1)]), '{}', 'x');
  const second = file('b.ndjson', chat('2026-01-07', 6));

  const ingested = await lethe(['ingest', '--topic', 'chat', first, second, ...at]);
  expect(ingested.out).toContain(`${first}: accepted 6, rejected 2 (`);
  expect(ingested.out).toMatch(/^total: accepted 7, rejected 2 \(.*missing: 1.*\)$/m);

  const again = await lethe(['ingest', '--topic', 'chat', first, ...at]);
  expect(again).toMatchObject({ status: 2, out: '' });

  const backfilled = await lethe(['backfill', '--from', '2026-01-05', '--to', '2026-01-11', ...at]);
  expect(backfilled.out).toMatch(/silver-daily 7 days, gold-daily 7 days, gold-weekly 1 week, gold-monthly 0 months/);

  const sql = `select period_start, active_users, messages_cnt, total_cost, cost_per_user from gold_time_series
    where grain = 'DAILY' and platform = 'All' order by 1`;
  const asked = await lethe(['query', sql, '--format', 'csv', ...at]);
  expect(asked.out).toBe(
    'period_start,active_users,messages_cnt,total_cost,cost_per_user\n' +
      '2026-01-05,2,2,0.500000000,0.25\n2026-01-06,2,2,0.500000000,0.25\n2026-01-07,3,3,0.750000000,0.25\n',
  );

  await lethe(['ingest', '--topic', 'chat', file('late.ndjson', chat('2026-01-05', 9)), ...at]);
  const now = new Date('2026-01-12T03:00:00Z');
  const status = await lethe(['status', '--json', ...at], now);
  const told = z
    .object({
      workflows: z.array(z.object({ workflow: z.string(), builtThrough: z.string().optional() })),
      late: z.unknown(),
    })
    .parse(JSON.parse(status.out));
  expect(told.workflows.map(({ builtThrough }) => builtThrough)).toEqual([
    '2026-01-11',
    '2026-01-11',
    '2026-01-11',
    undefined,
  ]);
  expect(told.late).toEqual({ waiting: 0, tooLate: 1 });

  const cost = await lethe(['cost', '--json', ...at]);
  const paid = costShape.parse(JSON.parse(cost.out));
  expect(paid.days).toHaveLength(1);
  expect(paid.total.bytes).toBeGreaterThan(0);
  // Each of these small statements costs Athena's least, 10 MB.
  expect(paid.total.dollars).toBeCloseTo(paid.total.statements * 5e-5, 9);
  expect(paid.statements.map(({ statement }) => statement)).toContain('chat/silver_messages');
  expect((await lethe(['cost', ...at])).out).toMatch(/^total +\d+ /m);
  const later = new Date(Date.now() + 10 * 86_400_000);
  expect((await lethe(['cost', ...at], later)).out).toMatch(/^No statement has run since /);

  const run = await lethe(['run', 'silver-daily', '--date', '2026-01-05', '--json', ...at], now);
  expect(JSON.parse(run.out)).toMatchObject({ workflow: 'silver-daily', periods: 1, window: { from: '2026-01-05' } });
  expect((await lethe(['status', ...at], now)).out).toMatch(/late: 0 waiting for the next run, 0 beyond/);
});

test('a statement with an error gets one line in the words of Athena, and status 2', async () => {
  const { status, out, err } = await lethe(['query', 'selec 1', ...at]);
  expect({ status, out }).toEqual({ status: 2, out: '' });
  expect(err).toMatch(/^lethe: SYNTAX_ERROR: line 1:1[^\n]*\n$/);
});

test('a workflow that cannot run gets one line and status 1', async () => {
  const { status, err } = await lethe(
    ['run', 'gold-daily', '--date', '2026-03-01', ...at],
    new Date('2026-03-05T00:00:00Z'),
  );
  expect(status).toBe(1);
  expect(err).toMatch(/^lethe: gold-daily cannot build 2026-03-01[^\n]*\n$/);
});

test('a reader that has seen enough is no error', async () => {
  const outcome = await letheProcess(
    [
      'query',
      '--format',
      'csv',
      'select a.chat_id from bronze_chat_events a, bronze_chat_events b, bronze_chat_events c, bronze_chat_events d, bronze_chat_events e',
      ...at,
    ],
    ({ stdout }) => stdout?.once('data', () => stdout.destroy()),
  );
  expect(outcome).toMatchObject({ status: 0, err: '' });
});

test('a backfill says which days it leaves as they are', async () => {
  const place = ['--home', join(folder, 'dropped')];
  const span = ['backfill', '--from', '2026-01-05', '--to', '2026-01-06', ...place];
  await lethe(['ingest', '--topic', 'chat', file('old.ndjson', chat('2026-01-05', 1)), ...place]);
  expect((await lethe(span)).out).not.toContain('Left');
  await lethe(['run', 'maintenance', ...place], new Date('2026-06-01T06:00:00Z'));
  const again = await lethe(span);
  expect(again.out).toMatch(/: silver-daily 0 days,/);
  expect(again.out).toContain('\nLeft as it is: silver-daily 2 days that retention has dropped.\n');
  const told = JSON.parse((await lethe([...span, '--json'])).out);
  expect(told).toMatchObject({ leftOut: [{ workflow: 'silver-daily', periods: 2, why: 'dropped' }] });
});

test('a backfill names the days that people are being erased from, though gold never had them', async () => {
  const home = join(folder, 'held');
  const lake = await openLake({}, { home });
  const before = { silver_messages: { '2026-01-05': { all: 2, subjects: 1 } } };
  await lake.session.erasures.store.save(openedBatch('one', { rounds: [{ kind: 'erasure', before, runs: [] }] }));
  await lake.session.close();
  const { out } = await lethe(['backfill', '--from', '2026-01-05', '--to', '2026-01-07', '--home', home]);
  // The day itself, and the one after it, whose tool calls may look back to it.
  expect(out).toContain('\nLeft as it is: gold-daily 2 days that an erasure holds until their rows have gone.\n');
});

test('a command whose home was another’s, which has ended meanwhile, says so and what to do', async () => {
  const home = join(folder, 'left');
  const lake = await openLake({}, { home });
  const asked = letheProcess(['backfill', '--from', '2025-01-01', '--to', '2026-06-30', '--home', home]);
  while ((await lake.session.runtime.ledger.latestRuns(2)).length < 2) await sleep(20);
  await lake.session.close();
  expect(await asked).toMatchObject({
    status: 1,
    err: expect.stringMatching(/^lethe: The command that had --home .* open has ended .* Run it again\.\n$/),
  });
});

test('Ctrl-C ends with status 130, and the same command goes on afterwards', async () => {
  const place = ['--home', join(folder, 'interrupted')];
  const span = ['backfill', '--from', '2025-01-01', '--to', '2026-06-30', ...place];
  const outcome = await letheProcess(span, (child) => {
    setTimeout(() => child.kill('SIGINT'), 2_500);
  });
  expect(outcome).toMatchObject({ status: 130, out: '' });
  expect(outcome.err).toMatch(/^lethe: Stopped[^\n]*\n$/);
  const after = await lethe(['run', 'silver-daily', '--date', '2025-01-01', ...place]);
  expect(after).toMatchObject({ status: 0 });
});
