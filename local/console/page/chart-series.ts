import type { WeekStart } from '../../../core/window.ts';
import { everybody, type Format, type PeriodGrain } from '../../../dashboards/chart.ts';
import { type Colour, fixedColours, palette } from '../../../dashboards/colours.ts';
import type { Cell, ChartAnswer, ShownChart } from '../answers.ts';
import { rangeGrain } from '../choices.ts';
import { periodName, periodTick } from './figures.ts';
import { type PeriodSpan, periodsBetween } from './time-range.ts';

export interface Series {
  readonly name: string;
  readonly colour: Colour;
  /** One for each place on the axis. */
  readonly values: readonly (number | null)[];
}

/** An answer as it is drawn. */
export interface ChartSeries {
  /** First days of periods, or labels of buckets: what stands at each place of the axis. */
  readonly places: readonly string[];
  readonly placeFormat: 'date' | 'text';
  /** What the axis's places are called, in short and in full. */
  readonly ticks: readonly string[];
  readonly names: readonly string[];
  /** What stands at the axis: `Day`, `Week of`, `Month`, `Bucket`. */
  readonly axisTitle: string;
  /** Every one, for tables and files. */
  readonly series: readonly Series[];
  /** What a drawing shows of them: the smallest parts of a stack are one. */
  readonly drawn: readonly Series[];
  readonly format: Format;
}

/** More parts of a stack than this cannot be told apart: the smallest are added up. Lines are no parts of anything. */
const mostSeries = 9;

const axisTitles: Readonly<Record<PeriodGrain, string>> = { DAILY: 'Day', WEEKLY: 'Week of', MONTHLY: 'Month' };

/** Turns rows into series: one for each value that the chart is split by, or for each measure. Periods of `built` without rows get a place. */
export function chartSeries(
  chart: ShownChart,
  answer: ChartAnswer,
  chosen: PeriodGrain,
  weekStart: WeekStart,
  built?: PeriodSpan,
): ChartSeries {
  const grain = rangeGrain(chart, chosen);
  const hasPeriods = typeof chart.axis !== 'object';
  const places = hasPeriods ? periodsShown(answer, grain, weekStart, built) : labelsOf(answer);
  const format = chart.measures[0]?.format ?? 'count';
  const absent = (chart.absent ?? (format === 'count' ? 'zero' : 'unknown')) === 'zero' ? 0 : null;
  const axisWidth = hasPeriods ? 1 : 2;
  const at = new Map(places.map((place, index) => [place, index]));
  const found = new Map<string, (number | null)[]>();
  const put = (name: string, row: readonly Cell[], cell: Cell | undefined) => {
    const values = found.get(name) ?? places.map(() => absent);
    const index = at.get(String(row[axisWidth - 1]));
    if (index !== undefined) values[index] = typeof cell === 'number' ? cell : absent;
    found.set(name, values);
  };
  for (const row of answer.rows) {
    if (chart.by === undefined) {
      for (const [index, { label }] of chart.measures.entries()) put(label, row, row[axisWidth + index]);
    } else put(String(row[axisWidth]), row, row[axisWidth + 1]);
  }
  return {
    places,
    placeFormat: hasPeriods ? 'date' : 'text',
    ticks: hasPeriods ? places.map((place) => periodTick(place, grain)) : places,
    names: hasPeriods ? places.map((place) => periodName(place, grain)) : places,
    axisTitle: hasPeriods ? axisTitles[grain] : 'Bucket',
    ...coloured(chart, found),
    format,
  };
}

function periodsShown(
  { rows, isCut }: ChartAnswer,
  grain: PeriodGrain,
  weekStart: WeekStart,
  built: PeriodSpan | undefined,
): string[] {
  const known = [...new Set(rows.map((row) => String(row[0])))];
  // Periods that were left out are not empty.
  const ends = built === undefined ? [] : isCut ? [built.last] : [built.first, built.last];
  return known.length === 0 ? [] : periodsBetween([...known, ...ends], grain, weekStart);
}

function labelsOf({ rows }: ChartAnswer): string[] {
  return [...new Set(rows.map((row) => String(row[1])))];
}

function coloured(
  chart: ShownChart,
  found: ReadonlyMap<string, (number | null)[]>,
): Pick<ChartSeries, 'series' | 'drawn'> {
  if (chart.by === undefined) {
    const series = chart.measures.map(({ label, column }, index) => ({
      name: label,
      colour: fixedColours[column] ?? colourAt(index),
      values: found.get(label) ?? [],
    }));
    return { series, drawn: series };
  }
  const total = (values: readonly (number | null)[]) => values.reduce<number>((sum, value) => sum + (value ?? 0), 0);
  const sorted = [...found].toSorted(([name, a], [other, b]) => rank(name) - rank(other) || total(b) - total(a));
  const named = sorted.filter(([name]) => rank(name) < 2);
  const isTooMany = chart.kind === 'stacked bars' && named.length > mostSeries + 1;
  const kept = isTooMany ? named.slice(0, mostSeries) : named;
  let next = 0;
  const toSeries = ([name, values]: [string, (number | null)[]]): Series => ({
    name,
    colour: fixedColours[name] ?? colourAt(next++),
    values,
  });
  const series = kept.map(toSeries);
  const nameless = sorted.filter(([name]) => rank(name) === 2).map(toSeries);
  const rest = named.slice(kept.length).map(([name, values]) => ({ name, colour: remainder, values }));
  const added = rest.length === 0 ? [] : [addedUp(rest)];
  return { series: [...series, ...rest, ...nameless], drawn: [...series, ...added, ...nameless] };
}

function addedUp(rest: readonly Series[]): Series {
  const sums = rest[0]?.values.map((_, at) => {
    const values = rest.map((series) => series.values[at] ?? null).filter((value) => value !== null);
    return values.length === 0 ? null : values.reduce((sum, value) => sum + value, 0);
  });
  return { name: `${rest.length} more`, colour: remainder, values: sums ?? [] };
}

/** The whole comes first, what nobody named last. */
function rank(name: string): number {
  if (name === everybody) return 0;
  return ['OTHER', 'Other', 'Unknown'].includes(name) ? 2 : 1;
}

/** Of those that were added up: as quiet as what has no name, but another shade. */
const remainder: Colour = { light: '#6d7681', dark: '#959ca6' };

function colourAt(index: number): Colour {
  return palette[index % palette.length] ?? remainder;
}
