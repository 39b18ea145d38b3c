import { type ChartDeclaration, everybody, type PeriodGrain, periodGrains } from '../../dashboards/chart.ts';
import type { BuiltSpan, ChartAnswer, Choices } from './answers.ts';

/** What readers can choose from, read from the answers of `builtPeriods` and `knownPlatforms`. */
export function choicesOf(periods: ChartAnswer, platforms: ChartAnswer): Choices {
  const spans: Partial<Record<PeriodGrain, BuiltSpan>> = {};
  for (const [grain, first, last, provisional, builtAt] of periods.rows) {
    if (!isGrain(grain)) continue;
    const provisionalFrom = typeof provisional === 'string' ? { provisionalFrom: provisional } : {};
    spans[grain] = { first: String(first), last: String(last), ...provisionalFrom, builtAt: String(builtAt) };
  }
  const names = platforms.rows.map(([platform]) => String(platform));
  return { periods: spans, platforms: names.filter((platform) => platform !== everybody) };
}

/** Whether a value is a period grain. */
export function isGrain(value: unknown): value is PeriodGrain {
  return typeof value === 'string' && Object.hasOwn(periodGrains, value);
}

/** The grain whose periods a chart's time range is counted in. */
export function rangeGrain(chart: Pick<ChartDeclaration, 'grain'>, chosen: PeriodGrain): PeriodGrain {
  if (chart.grain === 'all') return 'MONTHLY';
  return chart.grain === 'chosen' ? chosen : chart.grain;
}
