import type { RunRecord, StatementRecord } from '../../../core/lake/run-ledger.ts';
import { recentStatements } from '../../../core/monitoring/recent-statements.ts';

const from = new Date('2026-03-01T00:00:00Z');
const to = new Date('2026-03-15T00:00:00Z');
/** A run every ten minutes, and a statement of each, which is over at once. */
const runs = Array.from({ length: 4_000 }, (_, n): RunRecord => {
  const at = new Date(Date.parse('2026-03-20T00:00:00Z') - n * 600_000).toISOString();
  return { id: `run-${n}`, workflow: 'silver-daily', mode: 'scheduled', startedAt: at, finishedAt: at };
});
const ledger = {
  latestRuns: async (most: number) => runs.slice(0, most),
  statementsOf: async (run: string): Promise<StatementRecord[]> => {
    const finishedAt = runs.find(({ id }) => id === run)?.startedAt ?? '';
    const window = { grain: 'day', from: '2026-03-01', to: '2026-03-02' } as const;
    return [
      {
        id: run,
        run,
        workflow: 'silver-daily',
        statement: 'chat/x',
        window,
        bytesScanned: 1,
        millis: 1,
        finishedAt,
        outcome: 'succeeded',
      },
    ];
  },
};

test('statements of a span are found behind however many later runs, oldest first', async () => {
  const found = await recentStatements(ledger, from, to);
  expect(found).toHaveLength(14 * 144);
  expect(found[0]?.finishedAt).toBe(from.toISOString());
});
