import { spawnSync } from 'node:child_process';
import { closeSync, mkdtempSync, openSync, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { demoDays } from '../../../local/demo/generate.ts';

const lethe = join(import.meta.dirname, '../../../bin/lethe.ts');

/** Writes a file of at least so many records, broken ones among them, and says how many. */
function writeRecords(path: string, least: number): number {
  const file = openSync(path, 'w');
  let records = 0;
  for (const day of demoDays({ endsOn: '2026-03-31', days: 20, messages: least })) {
    const lines = [...day.chat];
    records += lines.length;
    writeSync(file, `${lines.join('\n')}\n`);
  }
  closeSync(file);
  return records;
}

test('a million records are ingested in less than 1 GiB of memory', () => {
  const folder = mkdtempSync(join(tmpdir(), 'lethe-million-'));
  try {
    const path = join(folder, 'chat.ndjson');
    const records = writeRecords(path, 1_000_000);
    // The child says on its way out how much memory it had at most, in kilobytes.
    const preload = "data:text/javascript,process.on('exit',()=>console.error('peak',process.resourceUsage().maxRSS))";
    const child = spawnSync(
      process.execPath,
      ['--import', preload, lethe, 'ingest', '--topic', 'chat', path, '--home', join(folder, 'home'), '--json'],
      { encoding: 'utf8' },
    );
    expect(child.stderr).toMatch(/peak \d+/);
    const peakKilobytes = Number(/peak (\d+)/.exec(child.stderr)?.[1]);
    const { accepted, rejected } = JSON.parse(child.stdout);
    expect(accepted + Object.values<number>(rejected).reduce((sum, count) => sum + count, 0)).toBe(records);
    expect(peakKilobytes).toBeLessThan(1024 * 1024);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});
