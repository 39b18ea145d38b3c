import type { Format } from '../../../dashboards/chart.ts';
import type { ChartSeries } from './chart-series.ts';
import { changeText, full } from './figures.ts';

/** The latest value of a figure beside the one before. */
export interface KeyFigure {
  /** Null where the latest period has nothing to take an average over. */
  readonly now: number | null;
  /** The period of `now`: its first day. */
  readonly period: string;
  /** The change as a share, where there is one. */
  readonly change?: string;
  /** What it is compared with, or why it is not. */
  readonly compared: string;
}

/** Reads the latest value of a chart's first series; undefined where there is none. */
export function keyFigure({ places, names, drawn, format }: ChartSeries): KeyFigure | undefined {
  const [values, period, previous] = [drawn[0]?.values ?? [], places.at(-1), names.at(-2)];
  const [now, before] = [values.at(-1), values.at(-2)];
  if (now === undefined || period === undefined) return undefined;
  if (before === undefined || previous === undefined) return { now, period, compared: 'no period before' };
  return { now, period, ...comparison(now, before, previous, format) };
}

function comparison(
  now: number | null,
  before: number | null,
  previous: string,
  format: Format,
): Pick<KeyFigure, 'change' | 'compared'> {
  if (before === null) return { compared: `no value for ${previous}` };
  const change = now === null ? undefined : changeText(now, before);
  return change === undefined
    ? { compared: `from ${full(before, format)}, ${previous}` }
    : { change, compared: `vs ${previous}` };
}
