import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { lethe, scratchFolder } from './command-line.ts';

const folder = scratchFolder();
const home = join(folder, 'home');
const demo = ['demo', '--home', home];
const marker = join(home, 'demo.json');

async function rowsOf(table: string): Promise<string[]> {
  const { out } = await lethe(['query', `select * from ${table}`, '--format', 'csv', '--home', home]);
  return out.split('\n').sort();
}

test('a demonstration that was killed on its first day goes on without counting twice', async () => {
  const begun = await lethe([...demo, '--days', '2', '--messages', '150', '--ends-on', '2026-01-06']);
  expect(begun.out).toMatch(/gold: 2 days, 2026-01-05 to 2026-01-06/);
  const { finished, ...unfinished } = JSON.parse(readFileSync(marker, 'utf8'));
  expect(finished).toBe('2026-01-06');
  const [messages, gold] = [await rowsOf('bronze_chat_events'), await rowsOf('gold_time_series')];

  // As if everything of the second day had been done, and the process killed before it could say so.
  writeFileSync(marker, JSON.stringify({ ...unfinished, finished: '2026-01-05' }));
  const resumed = await lethe(demo);
  expect(resumed).toMatchObject({ status: 0, out: begun.out });
  expect([await rowsOf('bronze_chat_events'), await rowsOf('gold_time_series')]).toEqual([messages, gold]);
});

test('a second start finds it done and prints the summary', async () => {
  const { status, out, err } = await lethe(demo);
  expect({ status, err }).toEqual({ status: 0, err: '' });
  expect(out).toMatch(/^Active users of the newest day/m);
});

test('the commands that it suggests work', async () => {
  const { out } = await lethe(demo);
  const commands = [...out.matchAll(/^ {2}npx lethe query --home \S+ (?:--format (\w+) )?"(.+)"$/gm)];
  expect(commands.length).toBeGreaterThan(1);
  for (const [, format = 'table', sql = ''] of commands) {
    expect(await lethe(['query', sql, '--format', format, '--home', home])).toMatchObject({ status: 0, err: '' });
  }
});

test('a demonstration of another size is refused', async () => {
  const { status, err } = await lethe([...demo, '--days', '9']);
  expect(status).toBe(2);
  expect(err).toMatch(/2 days to 2026-01-06 with 150 messages/);
});
