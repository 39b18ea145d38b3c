import { spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openLake } from '../local/embedded-lake.ts';
import { findCanaries } from './canary-reader.ts';
import { gold, message, removeSources, rowsOfOthers, submit, tickToTheEnd, toolCall } from './erasing-lake.ts';

const settings = { minimumUsersPerCell: 1 };
const at = new Date('2026-03-05T02:00:00Z');
const leaver = 'leaver-3f1c9a';

function runUntilKilled(home: string, state: number): { states: string[]; killed: boolean } {
  const { stdout, signal, stderr, status } = spawnSync(
    process.execPath,
    [join(import.meta.dirname, 'killed-erasure.ts'), home, at.toISOString(), String(state)],
    { encoding: 'utf8' },
  );
  if (signal !== 'SIGKILL' && status !== 0) throw new Error(stderr);
  return { states: stdout.trim().split('\n'), killed: signal === 'SIGKILL' };
}

test('killed with -9 at any state and run again, an erasure ends as if nothing had happened', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'lethe-kill-'));
  try {
    const submitted = join(folder, 'submitted');
    const lake = await openLake(settings, { home: submitted, at });
    await lake.ingest('chat', [
      message('c1', leaver, '2026-03-03T10:00:00Z'),
      message('c2', leaver, '2026-03-04T23:59:59Z'),
      message('c3', 'stayer', '2026-03-04T10:00:00Z'),
    ]);
    await lake.ingest('tool', [toolCall('t1', 'c2', leaver, '2026-03-04T10:00:01Z')]);
    await lake.session.run('backfill', { from: '2026-03-03', to: '2026-03-04' });
    const before = await lake.tables();
    removeSources(lake);
    await submit(lake, leaver);
    await lake.session.close();
    for (let state = 1; ; state++) {
      const home = join(folder, `killed-${state}`);
      cpSync(submitted, home, { recursive: true });
      const { states, killed } = runUntilKilled(home, state);
      if (!killed) break;
      const again = await openLake(settings, { home, at });
      const batches = await tickToTheEnd(again);
      const after = await again.tables();
      await again.session.close();
      const where = states.at(-1);
      expect({ where, stages: batches.map(({ stage }) => stage) }).toEqual({ where, stages: ['closed'] });
      expect({ where, gold: gold(after) }).toEqual({ where, gold: gold(before) });
      expect({ where, rows: rowsOfOthers(after, []) }).toEqual({ where, rows: rowsOfOthers(before, [leaver]) });
      expect({ where, left: await findCanaries(home, [leaver]) }).toEqual({ where, left: [] });
      rmSync(home, { recursive: true });
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
  // Some fifty states, each with two processes’ worth of work.
}, 1_800_000);
