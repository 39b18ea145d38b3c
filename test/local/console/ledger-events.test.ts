import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { followLedger } from '../../../local/console/ledger-events.ts';
import { SqliteRunLedger } from '../../../local/ledger/sqlite-run-ledger.ts';

describe('events of runs', () => {
  const folder = mkdtempSync(join(tmpdir(), 'lethe-events-'));
  const ledger = new SqliteRunLedger(join(folder, 'ledger.sqlite'));
  beforeEach(() => jest.useFakeTimers());
  afterEach(() => jest.useRealTimers());
  afterAll(() => {
    ledger.close();
    rmSync(folder, { recursive: true });
  });

  test('are sent when a run begins and when it ends, also below those of a simulated clock', async () => {
    const run = { workflow: 'gold-daily', mode: 'scheduled' } as const;
    const end = { finishedAt: '2026-03-01T00:02:00Z', outcome: 'succeeded' } as const;
    for (let at = 10; at < 60; at += 1) {
      await ledger.startRun({ ...run, id: `simulated-${at}`, startedAt: `2026-03-15T00:00:${at}Z` });
      await ledger.finishRun(`simulated-${at}`, end);
    }
    const sent: object[] = [];
    const look = () => jest.advanceTimersByTimeAsync(1_000);
    const stop = followLedger(
      ledger,
      (event) => sent.push(event),
      () => new Date('2026-03-01T12:00:00Z'),
    );
    await look();
    expect(sent).toEqual([]);
    const window = { grain: 'day', from: '2026-02-28', to: '2026-03-01' } as const;
    await ledger.startRun({ ...run, id: 'real', window, startedAt: '2026-03-01T00:01:00Z' });
    await look();
    await look();
    expect(sent).toEqual([{ workflow: 'gold-daily', outcome: 'running', through: '2026-03-01' }]);
    await ledger.finishRun('real', end);
    await look();
    expect(sent.slice(1)).toEqual([{ workflow: 'gold-daily', outcome: 'succeeded', through: '2026-03-01' }]);
    stop();
    await ledger.startRun({ ...run, id: 'later', startedAt: '2026-03-01T00:03:00Z' });
    await look();
    expect(sent).toHaveLength(2);
  });
});
