import { chatPipeline } from '../../../core/chat/pipeline.ts';
import type { TableCare } from '../../../core/maintenance/plan-care.ts';
import { recordCare } from '../../../core/maintenance/record-care.ts';
import { SqliteRunLedger } from '../../../local/ledger/sqlite-run-ledger.ts';

const window = { grain: 'day', from: '2026-01-24', to: '2026-03-13' } as const;
const care: TableCare = {
  mode: 'scheduled',
  table: 'silver_messages',
  window,
  drops: [{ grain: 'day', from: '1999-12-31', to: '2026-01-24' }],
  rewrites: [],
  expiries: [],
  before: { files: 9, bytes: 900, mostFiles: 9, snapshots: 3 },
};
const measured = (past: number, ahead: number) => ({
  ...{ table_name: 'silver_messages', file_count: '4', total_bytes: '400', most_files: '2', snapshot_count: '5' },
  ...{ past_count: String(past), ahead_count: String(ahead), scattered: null, old_snapshots: '0' },
});

test.each<[string, Partial<TableCare>, ReturnType<typeof measured>[], string]>([
  ['passes when what had to go is gone', {}, [measured(0, 0)], ''],
  ['fails when days are left that had to go', {}, [measured(1, 2)], 'silver_messages still has 3 partitions outside'],
  ['passes when a table that was to lose no day has a late one', { drops: [] }, [measured(1, 0)], ''],
  ['fails when the table could not be measured', {}, [], 'silver_messages could not be measured'],
])('the record of a table’s maintenance %s', async (_, change, rows, message) => {
  const ledger = new SqliteRunLedger(':memory:');
  try {
    const begun = { id: 'run', workflow: 'maintenance-table', startedAt: '2026-03-10T06:00:00.000Z' } as const;
    await ledger.startRun({ ...begun, mode: 'scheduled' });
    const failure: unknown = await recordCare({ ledger }, chatPipeline, 'run', { ...care, ...change }, rows).catch(
      (error: unknown) => error,
    );
    if (message === '') expect(failure).toBeUndefined();
    else expect(failure).toMatchObject({ name: 'CheckFailed', message: expect.stringContaining(message) });
    // Whatever comes of it, how the table lies now is known.
    const [run] = await ledger.latestRuns(1);
    const after = { files: 4, bytes: 400, mostFiles: 2, snapshots: 5 };
    expect(run?.maintenance ?? []).toMatchObject(rows.map(() => ({ table: care.table, before: care.before, after })));
  } finally {
    ledger.close();
  }
});
