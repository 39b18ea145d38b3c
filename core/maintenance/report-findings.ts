import type { Runtime } from '../lake/runtime.ts';

export const findingsStatement = 'maintenance/count_findings';

/** Measures how many findings the newest day has that was judged; nothing where none was. */
export function reportFindings(
  { metric }: Pick<Runtime, 'metric'>,
  rows: readonly Readonly<Record<string, string | null>>[],
): void {
  const newest = [...rows].sort((left, right) => String(right.dt).localeCompare(String(left.dt)))[0];
  if (newest === undefined) return;
  metric?.('DataQualityWarnings', Number(newest.warnings));
  metric?.('DataQualityFailures', Number(newest.failures));
}
