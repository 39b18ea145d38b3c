import { columnLabel, type Format } from '../../../dashboards/chart.ts';
import type { Cell, ChartAnswer, ShownChart } from '../answers.ts';
import type { ChartSeries } from './chart-series.ts';

/** Rows and columns of what a chart shows, for reading and for CSV. */
export interface Sheet {
  readonly heads: readonly string[];
  readonly formats: readonly Format[];
  readonly rows: readonly (readonly Cell[])[];
}

/** The sheet of a chart that is drawn: a line for each place on the axis, a column for each series. */
export function sheetOfSeries({ axisTitle, places, placeFormat, series, format }: ChartSeries): Sheet {
  return {
    heads: [axisTitle, ...series.map(({ name }) => name)],
    formats: [placeFormat, ...series.map(() => format)],
    rows: places.map((place, at) => [place, ...series.map(({ values }) => values[at] ?? null)]),
  };
}

/** The sheet of a table's answer. */
export function sheetOfTable(chart: ShownChart, answer: ChartAnswer): Sheet {
  const by = chart.by ?? [];
  return {
    heads: [...by.map(columnLabel), ...chart.measures.map(({ label }) => label)],
    formats: [...by.map((): Format => 'text'), ...chart.measures.map(({ format }) => format)],
    rows: answer.rows,
  };
}

/** RFC 4180, values in full and without units. A text that a spreadsheet would run as a formula is kept from it by a quote. */
export function csv({ heads, rows }: Sheet): string {
  const quoted = (cell: Cell) => {
    if (cell === null) return '';
    if (typeof cell === 'number') return String(cell);
    const text = /^[=+\-@\t\r]/.test(cell) ? `'${cell}` : cell;
    return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
  };
  return [heads, ...rows].map((line) => `${line.map(quoted).join(',')}\r\n`).join('');
}
