import { spawn } from 'node:child_process';
import { cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { chatTables } from '../../core/chat/tables.ts';
import { openLake } from '../local/embedded-lake.ts';
import { diff } from '../oracle/compare.ts';
import type { Tables } from '../oracle/row.ts';

// A month ends within this week, and the week with it, so that every workflow has something to build.
const days = { from: '2026-03-30', to: '2026-04-05' };
const arrival = new Date('2026-04-06T06:00:00Z');

const chat: string[] = [];
const tool: string[] = [];
for (let index = 0; index < 60; index++) {
  const timestamp = new Date(Date.parse(days.from) + index * 9_876_543).toISOString();
  const user = { user_id: `u${index % 7}`, timestamp };
  const platform = ['web', 'ios', undefined][index % 3];
  chat.push(
    JSON.stringify({
      ...user,
      chat_id: `c${index}`,
      room_id: `r${index % 5}`,
      platform,
      prompt_tokens: index,
      total_cost: 0.01,
    }),
  );
  // Every other call belongs to the chat of the next morning or of the evening before.
  tool.push(
    JSON.stringify({
      ...user,
      reasoning_steps_id: `t${index}`,
      chat_id: `c${index + (index % 2) * 8}`,
      tool_type: 'search',
    }),
  );
}

/** Runs everything in a process of its own until it kills itself at a state, and returns the states that it entered. */
async function runUntilKilled(home: string, state: number): Promise<{ states: string[]; killed: boolean }> {
  const script = join(import.meta.dirname, 'killed-run.ts');
  const child = spawn(process.execPath, [script, home, arrival.toISOString(), days.from, days.to, String(state)]);
  const ended = new Promise<{ code: number | null; signal: string | null }>((resolve) => {
    child.on('close', (code, signal) => resolve({ code, signal }));
  });
  const [stdout, stderr, { code, signal }] = await Promise.all([text(child.stdout), text(child.stderr), ended]);
  if (signal !== 'SIGKILL' && code !== 0) throw new Error(stderr);
  return { states: stdout.trim().split('\n'), killed: signal === 'SIGKILL' };
}

/** The tables of a home after everything has been run to the end. `built_at` is left out: it says when, not what. */
async function tablesAfterRun(home: string): Promise<Tables> {
  const lake = await openLake({}, { home, at: arrival });
  try {
    await lake.session.run('backfill', days);
    await lake.session.run('maintenance', { mode: 'scheduled' });
    const tables = await lake.tables();
    for (const row of tables.gold_period_status ?? []) delete row.built_at;
    return tables;
  } finally {
    await lake.session.close();
  }
}

test('killed with -9 at any state of any workflow and run again, the tables are those of an undisturbed run', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'lethe-kill-'));
  try {
    const ingested = join(folder, 'ingested');
    const lake = await openLake({}, { home: ingested, at: arrival });
    await lake.ingest('chat', chat);
    await lake.ingest('tool', tool);
    await lake.session.close();
    const copy = async (name: string) => {
      await cp(ingested, join(folder, name), { recursive: true });
      return join(folder, name);
    };
    const undisturbed = await tablesAfterRun(await copy('undisturbed'));
    const grains = undisturbed.gold_time_series?.map((row) => row.grain);
    expect(grains).toEqual(expect.arrayContaining(['DAILY', 'WEEKLY', 'MONTHLY']));

    const wrong: { state: string | undefined; differences: string[] }[] = [];
    const killedAt: string[] = [];
    let next = 0;
    const walk = async () => {
      while (true) {
        next += 1;
        const home = await copy(`killed-${next}`);
        const { states, killed } = await runUntilKilled(home, next);
        if (!killed) return;
        killedAt.push(states.at(-1) ?? '');
        const tables = await tablesAfterRun(home);
        const differences = chatTables.flatMap(({ name, grain }) =>
          grain.length === 0 ? [] : diff(undisturbed[name] ?? [], tables[name] ?? [], grain),
        );
        if (differences.length > 0) wrong.push({ state: states.at(-1), differences });
        await rm(home, { recursive: true });
      }
    };
    // One on each core.
    await Promise.all([walk(), walk()]);
    expect(wrong).toEqual([]);
    for (const workflow of ['silver-daily', 'gold-daily', 'gold-weekly', 'gold-monthly', 'backfill', 'maintenance']) {
      expect(killedAt.some((state) => state.startsWith(`${workflow}: `))).toBe(true);
    }
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}, 3_600_000);
