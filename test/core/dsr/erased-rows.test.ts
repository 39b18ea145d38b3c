import { erasedRows } from '../../../core/dsr/erased-rows.ts';
import type { Round } from '../../../core/dsr/request-store.ts';
import { openedBatch } from '../../dsr/erasing-lake.ts';

const table = 'bronze_chat_events';
const erasedAt = '2026-03-05T08:00:00.000Z';
const round = (subjects: number, change: Partial<Round>): Round => ({
  kind: 'erasure',
  before: { [table]: { '2026-03-03': { all: 100, subjects } } },
  runs: [],
  ...change,
});

test('rows that erasures have taken are those of their own rounds that have deleted, on the days of the window', () => {
  const days = { '2026-03-01': 1, '2026-03-02': 20, '2026-03-03': 300, '2026-03-04': 4_000 };
  const counts = Object.fromEntries(Object.entries(days).map(([day, subjects]) => [day, { all: 9_999, subjects }]));
  const batches = [
    openedBatch('one', { rounds: [round(0, { before: { [table]: counts, other: counts }, erasedAt })] }),
    // What a sweep finds came late, and was in no build.
    openedBatch('two', { rounds: [round(50_000, { erasedAt }), round(600_000, { kind: 'sweep', erasedAt })] }),
    openedBatch('counted', { rounds: [round(7_000_000, {})] }),
  ];
  const window = { grain: 'day', from: '2026-03-02', to: '2026-03-04' } as const;
  expect(erasedRows(batches, table, window)).toBe(50_320);
  expect(erasedRows(batches, 'silver_messages', window)).toBe(0);
});
