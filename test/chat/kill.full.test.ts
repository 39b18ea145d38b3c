import { spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chatTables } from '../../core/chat/tables.ts';
import { openLake } from '../local/embedded-lake.ts';
import { diff } from '../oracle/compare.ts';
import { seededInput } from '../oracle/random-events.ts';
import type { Tables } from '../oracle/row.ts';

// A week and a month end in these days, so that every workflow has something to build.
const { chat, tool, silverDays, arrival } = seededInput(7, { messages: 120, toolCalls: 60 });
const now = arrival.toISOString();

/** Runs everything in a process of its own until it kills itself at a state, and returns the states that it entered. */
function runUntilKilled(home: string, state: number): { states: string[]; killed: boolean } {
  const script = join(import.meta.dirname, 'killed-run.ts');
  const { stdout, signal, stderr, status } = spawnSync(
    process.execPath,
    [script, home, now, silverDays.from, silverDays.to, String(state)],
    { encoding: 'utf8' },
  );
  if (signal !== 'SIGKILL' && status !== 0) throw new Error(stderr);
  return { states: stdout.trim().split('\n'), killed: signal === 'SIGKILL' };
}

/** The tables of a home after everything has been run to the end. `built_at` is left out: it says when, not what. */
async function tablesAfterRun(home: string): Promise<Tables> {
  const lake = await openLake({}, { home, at: arrival });
  try {
    await lake.session.run('backfill', silverDays);
    await lake.session.run('maintenance', { mode: 'scheduled' });
    const tables = await lake.tables();
    for (const row of tables.gold_period_status ?? []) delete row.built_at;
    return tables;
  } finally {
    await lake.session.close();
  }
}

test('killed with -9 at any state of any workflow and run again, the tables are those of an undisturbed run', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'lethe-kill-'));
  try {
    const ingested = join(folder, 'ingested');
    const lake = await openLake({}, { home: ingested, at: arrival });
    await lake.ingest('chat', chat);
    await lake.ingest('tool', tool);
    await lake.session.close();
    const copy = (name: string) => {
      cpSync(ingested, join(folder, name), { recursive: true });
      return join(folder, name);
    };
    const undisturbed = await tablesAfterRun(copy('undisturbed'));
    expect(undisturbed.gold_time_series?.map((row) => row.grain)).toEqual(
      expect.arrayContaining(['DAILY', 'WEEKLY', 'MONTHLY']),
    );
    const killedAt: string[] = [];
    for (let state = 1; ; state++) {
      const home = copy(`killed-${state}`);
      const { states, killed } = runUntilKilled(home, state);
      if (!killed) break;
      killedAt.push(states.at(-1) ?? '');
      const tables = await tablesAfterRun(home);
      const differences = chatTables.flatMap((table) =>
        table.grain.length === 0 ? [] : diff(undisturbed[table.name] ?? [], tables[table.name] ?? [], table.grain),
      );
      expect({ state: states.at(-1), differences }).toEqual({ state: states.at(-1), differences: [] });
      rmSync(home, { recursive: true });
    }
    for (const workflow of ['silver-daily', 'gold-daily', 'gold-weekly', 'gold-monthly', 'backfill', 'maintenance']) {
      expect(killedAt.some((state) => state.startsWith(`${workflow}: `))).toBe(true);
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});
