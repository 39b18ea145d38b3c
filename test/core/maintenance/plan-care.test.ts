import { chatPipeline } from '../../../core/chat/pipeline.ts';
import { planCare } from '../../../core/maintenance/plan-care.ts';
import { defaultSettings } from '../../../core/settings.ts';
import { addDays } from '../../../core/window.ts';

const window = { grain: 'day', from: '2026-01-01', to: '2026-02-18' } as const;
const inOrder = {
  file_count: '40',
  total_bytes: '1000',
  most_files: '3',
  past_count: '0',
  ahead_count: '0',
  first_partition: '2026-01-01',
  last_partition: '2026-02-15',
  scattered: null,
  snapshot_count: '4',
  old_snapshots: '0',
};
type Measured = Partial<Record<keyof typeof inOrder, string | null>>;
const care = (tables: Record<string, Measured>, mode: 'scheduled' | 'named' = 'scheduled') =>
  planCare(
    { settings: defaultSettings },
    chatPipeline,
    { mode, window },
    Object.entries(tables).map(([table_name, more]) => ({ table_name, ...inOrder, ...more })),
  );
const days = (count: number, from = '2026-01-02') =>
  Array.from({ length: count }, (_, at) => addDays(from, at)).join(',');

test('a table that is in order is not touched', () => {
  expect(care({ bronze_chat_events: {}, silver_messages: {}, gold_time_series: { old_snapshots: '20' } })).toEqual([]);
});

test('each table gets what it needs, and nothing else', () => {
  const [bronze, silver, gold] = care({
    bronze_chat_events: {
      past_count: '2',
      first_partition: '2025-12-30',
      scattered: '2026-01-05,2026-01-06,2026-01-09',
    },
    silver_messages: { old_snapshots: '1' },
    gold_time_series: {
      scattered: 'DAILY,WEEKLY',
      first_partition: 'DAILY',
      last_partition: 'WEEKLY',
      old_snapshots: '21',
    },
  });
  expect(bronze).toMatchObject({
    table: 'bronze_chat_events',
    drops: [{ from: '1999-12-31', to: '2026-01-01' }],
    rewrites: [
      { from: '2026-01-05', to: '2026-01-07' },
      { from: '2026-01-09', to: '2026-01-10' },
    ],
    expiries: [],
  });
  expect(silver).toMatchObject({ table: 'silver_messages', drops: [], rewrites: [], expiries: [window] });
  expect(gold?.rewrites.map(({ grain }) => grain)).toEqual(['day', 'week']);
  expect(gold?.expiries).toEqual([window]);
});

test('one statement rewrites a hundred partitions at most, and none that is dropped', () => {
  const wide = { ...window, from: '2025-01-01' };
  const row = {
    table_name: 'silver_messages',
    ...inOrder,
    past_count: '1',
    first_partition: '2024-12-31',
    scattered: days(150, '2024-12-31'),
  };
  const [silver] = planCare({ settings: defaultSettings }, chatPipeline, { mode: 'scheduled', window: wide }, [row]);
  expect(silver?.rewrites.map(({ from, to }) => `${from} ${to}`)).toEqual([
    '2025-01-01 2025-04-11',
    '2025-04-11 2025-05-30',
  ]);
});

test.each<[string, Measured, RegExp]>([
  [
    'more days than can have come due',
    { past_count: '16', first_partition: '2025-12-16' },
    /16 partitions .* 2025-12-16 on.*at most 15 days/,
  ],
  [
    'days that cannot have come yet',
    { ahead_count: '1', last_partition: '2026-03-01' },
    /days up to 2026-03-01, and nothing later than 2026-02-17/,
  ],
  ['all there is', { past_count: '3', last_partition: '2025-12-31' }, /newest data is of 2025-12-31/],
])('a run that nobody named refuses to drop %s, and a named one does it', (_, measured, message) => {
  expect(() => care({ silver_messages: measured })).toThrow(message);
  expect(care({ silver_messages: measured }, 'named')).toMatchObject([{ drops: [{ grain: 'day' }] }]);
});
