import { reportFindings } from '../../../core/maintenance/report-findings.ts';

const reported = (rows: readonly Record<string, string | null>[]) => {
  const measured: [string, number][] = [];
  reportFindings({ metric: (name, value) => measured.push([name, value]) }, rows);
  return measured;
};

test('the findings of the newest day are measured, however the days come; of none where no day was judged', () => {
  const days = [
    { dt: '2026-03-08', warnings: '8', failures: '80' },
    { dt: '2026-03-10', warnings: '10', failures: '0' },
    { dt: '2026-03-09', warnings: '9', failures: '90' },
  ];
  const newest = [
    ['DataQualityWarnings', 10],
    ['DataQualityFailures', 0],
  ];
  expect([reported(days), reported(days.toReversed())]).toEqual([newest, newest]);
  expect(reported([])).toEqual([]);
});
