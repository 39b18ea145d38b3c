import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { AnswerCache } from '../../../local/console/answer-cache.ts';
import { SqliteRunLedger } from '../../../local/ledger/sqlite-run-ledger.ts';

describe('answers of gold', () => {
  const folder = mkdtempSync(join(tmpdir(), 'lethe-answers-'));
  const ledger = new SqliteRunLedger(join(folder, 'ledger.sqlite'));
  afterAll(() => {
    ledger.close();
    rmSync(folder, { recursive: true });
  });
  let times = 0;
  let whileReading = async () => {};
  const read = async ({ sql }: { sql: string }) => {
    times += 1;
    await whileReading();
    if (sql === 'wrong') throw new Error('refused');
    return { columns: ['times'], rows: [[times]] };
  };
  const interrupted = new Set<string>();
  const cache = new AnswerCache(ledger, read, interrupted, () => new Date('2026-03-01T12:00:00Z'));
  const ask = async (sql = 'select 1', parameters: string[] = []) =>
    (await cache.answer({ sql, parameters })).rows[0]?.[0];
  const start = (id: string) =>
    ledger.startRun({ id, workflow: 'gold-daily', mode: 'scheduled', startedAt: `2026-03-01T00:00:0${id}Z` });
  const finish = (id: string) => ledger.finishRun(id, { finishedAt: '2026-03-01T00:01:00Z', outcome: 'succeeded' });

  test('are asked for once, also by two at a time, and by their literals too', async () => {
    expect(await Promise.all([ask(), ask()])).toEqual([1, 1]);
    expect(await ask()).toBe(1);
    expect(await ask('select 1', ["'web'"])).toBe(2);
  });

  test('are asked for again while a run is under way, and once more when it has ended', async () => {
    await start('1');
    expect([await ask(), await ask()]).toEqual([3, 4]);
    await finish('1');
    expect([await ask(), await ask()]).toEqual([5, 5]);
  });

  test('are not kept when a run begins before they have come', async () => {
    whileReading = async () => {
      whileReading = async () => {};
      await start('2');
      await finish('2');
    };
    expect(await ask('select 2')).toBe(6);
    expect(await ask('select 2')).toBe(7);
  });

  test('are not kept when they are failures', async () => {
    await expect(ask('wrong')).rejects.toThrow('refused');
    await expect(ask('wrong')).rejects.toThrow('refused');
    expect(times).toBe(9);
  });

  test('are asked for again after runs that began before those of a simulated clock', async () => {
    for (let at = 10; at < 60; at += 1) {
      const startedAt = `2026-03-15T00:00:${at}Z`;
      await ledger.startRun({ id: `simulated-${at}`, workflow: 'dsr', mode: 'scheduled', startedAt });
      await finish(`simulated-${at}`);
    }
    expect([await ask(), await ask()]).toEqual([10, 10]);
    await start('3');
    expect([await ask(), await ask()]).toEqual([11, 12]);
    await finish('3');
    expect([await ask(), await ask()]).toEqual([13, 13]);
    await start('4');
    await finish('4');
    expect([await ask(), await ask()]).toEqual([14, 14]);
  });

  test('are kept beside a run that was killed, for which nobody will ever write an end', async () => {
    await start('5');
    expect([await ask(), await ask()]).toEqual([15, 16]);
    interrupted.add('5');
    expect([await ask(), await ask()]).toEqual([17, 17]);
  });
});
