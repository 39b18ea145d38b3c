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
 * - `mean per period`: the sum over all rows, divided by the number of periods that are built: one without rows counts as 0;
 * - `daily mean per monthly`: the mean of the days' values over the month's own, a built day without a row being 0;
 * - `per` a column: the sum over all rows divided by that column's sum;
 * - `firstWhere` a column `is` a value: the smallest of those rows.
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
  | { readonly per: Column }
  | { readonly firstWhere: Column; readonly is: string };

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
  /** The table with a row for each period that is built, which means per period are taken over. Default: there are none. */
  readonly built?: Table;
  /**
   * What it means that a value has no row at a place of the axis: nothing was counted (`zero`), or it is not known, as where
   * few people are hidden or an average has nothing to be taken over (`unknown`). Default: `zero` for counts, else `unknown`.
   */
  readonly absent?: 'zero' | 'unknown';
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

/** More rows than this tell nobody anything, in a chart or in a table. */
export const mostRows = 20_000;

/** Whether a chart has periods along its axis. */
export function hasPeriodAxis({ axis }: Pick<ChartDeclaration, 'axis'>): boolean {
  return axis === 'period' || axis === 'month';
}

/** Whether a chart shows the periods of a time range; others show all rows that there are. */
export function hasTimeRange({ axis, grain }: Pick<ChartDeclaration, 'axis' | 'grain'>): boolean {
  return axis !== undefined || grain === 'chosen';
}

/** A column's name as people read it. */
export function columnLabel(column: string): string {
  const words = column.replace(/^dimension_value$/, 'value').replaceAll('_', ' ');
  return `${words.charAt(0).toUpperCase()}${words.slice(1)}`;
}
