import { workOn } from '../../../core/dsr/table-work.ts';

test('work on a table is empty but for what is said, so that a state machine may ask for every list', () => {
  const windows = [{ grain: 'day', from: '2026-03-05', to: '2026-03-06' }] as const;
  expect(workOn('bronze_x', { rewrites: windows })).toEqual({
    table: 'bronze_x',
    counts: [],
    deletions: [],
    rewrites: windows,
    expiries: [],
    manifests: [],
  });
});
