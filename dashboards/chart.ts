import type { Table } from '../core/catalogue/table.ts';

/** The lengths of a period, as gold's `grain` column spells them, with what people call them. */
export const periodGrains = { DAILY: 'Daily', WEEKLY: 'Weekly', MONTHLY: 'Monthly' } as const;
export type PeriodGrain = keyof typeof periodGrains;

/** The platform that counts everybody once. */
export const everybody = 'All';

/** How a value is written: whole numbers, dollars, numbers with a fraction, shares of one, and what is no number. */
export type Format = 'count' | 'usd' | 'average' | 'share' | 'date' | 'instant' | 'text';

/**
 * How rows become one value.
 * - `only`: there is one row for each point, and this reads it;
 * - `sum`, `mean`, `first` (the smallest), `peak`, `count`, `latest` (by period): over the periods of the time range;
 * - `mean per period`: the sum over all rows, divided by the number of periods;
 * - `daily mean per monthly`: the mean of the days' values over the month's own;
 * - `per` a column: the sum over all rows divided by that column's sum.
 */
export type Aggregate<Column extends string = string> =
  | 'only'
  | 'sum'
  | 'mean'
  | 'first'
  | 'peak'
  | 'count'
  | 'latest'
  | 'mean per period'
  | 'daily mean per monthly'
  | { readonly per: Column };

export interface Measure<Column extends string = string> {
  readonly column: Column;
  readonly aggregate: Aggregate<Column>;
  /** What legends, tooltips and table heads call it. */
  readonly label: string;
  readonly format: Format;
}

/** What stands along the axis: the periods, the months that hold them, or the labels of an ordered list. */
export type Axis<Column extends string = string> =
  | 'period'
  | 'month'
  | { readonly label: Column; readonly order: Column };

export interface ChartDeclaration<Column extends string = string> {
  /** Unique within a dashboard, and stable: Superset's ids and the console's addresses are made from it. */
  readonly id: string;
  readonly title: string;
  /** Says what the figures mean, so that nobody has to ask. */
  readonly description: string;
  /** `figure` is the latest period's value with its change; `table` lists the values of `by`, largest first. */
  readonly kind: 'lines' | 'stacked bars' | 'grouped bars' | 'figure' | 'table';
  /** Default: none, for tables. */
  readonly axis?: Axis<Column>;
  /** Columns whose values make the series, or the rows of a table. Default: each measure is a series. */
  readonly by?: readonly Column[];
  readonly measures: readonly Measure<Column>[];
  /** Values that columns must have. Default: none. */
  readonly where?: Readonly<Partial<Record<Column, string>>>;
  /** The grain it always shows, the one that the reader has chosen, or all of them. */
  readonly grain: PeriodGrain | 'chosen' | 'all';
  /** Periods it shows, counted back from the last one. Default: those of the time range that the reader has chosen. */
  readonly lastPeriods?: number;
  /** `compared`: a series each; `one`: the one that the reader has chosen; `none`: the table has no platforms. */
  readonly platforms: 'compared' | 'one' | 'none';
  /** Width in twelfths of the page. */
  readonly width: 2 | 4 | 6 | 8 | 12;
}

export interface Chart extends ChartDeclaration {
  readonly table: Table;
}

/** Declares a chart of a table. A column that the table does not have does not compile. */
export function chart<const T extends Table>(
  table: T,
  declaration: ChartDeclaration<T['columns'][number]['name']>,
): Chart {
  return { ...declaration, table };
}

export interface Page {
  readonly id: string;
  readonly title: string;
  /** What the page answers, in one sentence. */
  readonly sentence: string;
  readonly charts: readonly Chart[];
}

export interface Dashboard {
  readonly id: string;
  readonly title: string;
  readonly description: string;
  readonly pages: readonly Page[];
}

/** All charts of a dashboard, in reading order. */
export function chartsOf(dashboard: Dashboard): Chart[] {
  return dashboard.pages.flatMap(({ charts }) => charts);
}

/** A column's name as people read it. */
export function columnLabel(column: string): string {
  const words = column.replace(/^dimension_value$/, 'value').replaceAll('_', ' ');
  return `${words.charAt(0).toUpperCase()}${words.slice(1)}`;
}
