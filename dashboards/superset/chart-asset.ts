import { type Chart, everybody, type Format, hasTimeRange, type Measure } from '../chart.ts';
import { fixedConditions, measureName, measureSql } from '../chart-sql.ts';
import { type Asset, assetVersion, certifiedBy, datasetUuid, type Json, unmanaged } from './dataset-asset.ts';
import { stableUuid } from './stable-uuid.ts';

/** d3's formats; dates without a time, since "smart" ones write milliseconds. */
const numberFormats: Readonly<Record<Format, string>> = {
  count: 'SMART_NUMBER',
  usd: '$,.5~r',
  average: ',.2~f',
  share: '.1%',
  date: '%Y-%m-%d',
  instant: '%Y-%m-%d %H:%M',
  text: '',
};
const dateFormat = '%Y-%m-%d';

const vizTypes: Readonly<Record<Chart['kind'], string>> = {
  lines: 'echarts_timeseries_line',
  'stacked bars': 'echarts_timeseries_bar',
  'grouped bars': 'echarts_timeseries_bar',
  figure: 'big_number',
  table: 'table',
};

const rowLimit = 10_000;

export function chartUuid(dashboardId: string, chart: Chart): string {
  return stableUuid(`chart/${dashboardId}/${chart.id}`);
}

/** What a chart's figures mean in Superset, whose queries read one table: periods that are built and empty are not seen. */
export function meaningIn({ description, built }: Chart): string {
  return built === undefined
    ? description
    : `${description} In Superset, periods in which a platform has no rows are left out of its mean.`;
}

/** A chart of the specification as Superset's chart. Its query context holds the dashboard's default filters, so that its data can be asked for without a browser. */
export function chartAsset(dashboardId: string, chart: Chart): Asset {
  const vizType = vizTypes[chart.kind];
  const params: Asset = {
    viz_type: vizType,
    adhoc_filters: adhocFilters(chart),
    row_limit: rowLimit,
    ...paramsOf(chart),
  };
  return {
    slice_name: chart.title,
    description: meaningIn(chart),
    certified_by: certifiedBy,
    certification_details: 'Imported with the dashboard; the next import replaces what is changed here.',
    viz_type: vizType,
    params,
    query_context: JSON.stringify(queryContext(chart, params)),
    cache_timeout: null,
    uuid: chartUuid(dashboardId, chart),
    version: assetVersion,
    dataset_uuid: datasetUuid(chart.table),
    tags: null,
    ...unmanaged,
  };
}

function metric(chart: Chart, measure: Measure): Json {
  return {
    expressionType: 'SQL',
    sqlExpression: measureSql(chart.table, measure),
    label: measure.label,
    hasCustomLabel: true,
    optionName: `metric_${measureName(measure)}`,
  };
}

function paramsOf(chart: Chart): Asset {
  const { kind, measures, by = [], axis } = chart;
  const metrics = measures.map((measure) => metric(chart, measure));
  const format = numberFormats[measures[0]?.format ?? 'count'];
  if (kind === 'table') {
    return {
      query_mode: 'aggregate',
      groupby: [...by],
      metrics,
      percent_metrics: [],
      timeseries_limit_metric: metrics[0] ?? null,
      order_desc: true,
      server_page_length: 10,
      show_cell_bars: false,
      table_timestamp_format: dateFormat,
      column_config: Object.fromEntries(measures.map(({ label, format }) => [label, columnFormat(format)])),
    };
  }
  const time = { x_axis: xAxis(chart), time_grain_sqla: axis === 'month' ? 'P1M' : null };
  if (kind === 'figure') {
    return {
      ...time,
      metric: metrics[0] ?? null,
      compare_lag: 1,
      compare_suffix: 'vs the period before',
      show_timestamp: true,
      show_trend_line: true,
      start_y_axis_at_zero: false,
      header_font_size: 0.3,
      subheader_font_size: 0.125,
      y_axis_format: format,
      time_format: dateFormat,
      force_timestamp_formatting: false,
      rolling_type: 'None',
    };
  }
  return {
    ...time,
    metrics,
    groupby: [...by],
    x_axis_sort_asc: true,
    x_axis_sort_series: 'name',
    x_axis_sort_series_ascending: true,
    // What the reader sees as the largest is drawn first.
    sort_series_type: 'sum',
    sort_series_ascending: false,
    order_desc: true,
    stack: kind === 'stacked bars' ? 'Stack' : null,
    orientation: 'vertical',
    seriesType: 'line',
    rich_tooltip: true,
    tooltipTimeFormat: dateFormat,
    x_axis_time_format: dateFormat,
    y_axis_format: format,
    y_axis_bounds: [0, null],
    truncateYAxis: false,
    show_legend: true,
    legendType: 'scroll',
    legendOrientation: 'top',
    truncate_metric: true,
    show_empty_columns: true,
    zoomable: false,
    xAxisLabelInterval: axis === 'period' || axis === 'month' ? 'auto' : '0',
    xAxisLabelRotation: axis === 'period' || axis === 'month' ? 0 : 45,
    color_scheme: 'supersetColors',
    comparison_type: 'values',
    annotation_layers: [],
    forecastEnabled: false,
    x_axis_title_margin: 15,
    y_axis_title_margin: 15,
  };
}

function columnFormat(format: Format): Asset {
  if (format === 'text') return {};
  if (format === 'date' || format === 'instant') return { d3TimeFormat: numberFormats[format] };
  // A table has room for all digits.
  return { d3NumberFormat: format === 'count' ? ',d' : numberFormats[format] };
}

/** The axis. Labels of buckets carry their order before them: Superset sorts them as texts. */
function xAxis({ table, axis }: Chart): Json {
  if (axis === undefined || typeof axis === 'string') return table.eventTime;
  return {
    expressionType: 'SQL',
    label: 'Bucket',
    sqlExpression: `concat(cast("${axis.order}" as varchar), ': ', "${axis.label}")`,
  };
}

/** The time range that a chart keeps whatever the dashboard's is; undefined where it follows it. */
function ownTimeRange({ grain, lastPeriods }: Chart): string | undefined {
  if (lastPeriods === undefined) return undefined;
  const unit = grain === 'DAILY' ? 'day' : grain === 'WEEKLY' ? 'week' : 'month';
  return `DATEADD(DATETIME("today"), -${lastPeriods}, ${unit}) : `;
}

function adhocFilters(chart: Chart): Json {
  const fixed = fixedConditions(chart).map(({ column, value }) => ({
    clause: 'WHERE',
    expressionType: 'SIMPLE',
    subject: column,
    operator: '==',
    operatorId: 'EQUALS',
    comparator: value,
  }));
  const having = havingSql(chart);
  const built =
    having === ''
      ? []
      : [
          {
            clause: 'HAVING',
            expressionType: 'SQL',
            sqlExpression: having,
            subject: null,
            operator: null,
            comparator: null,
          },
        ];
  if (!hasTimeRange(chart)) return fixed;
  const range = {
    clause: 'WHERE',
    expressionType: 'SIMPLE',
    subject: chart.table.eventTime,
    operator: 'TEMPORAL_RANGE',
    comparator: ownTimeRange(chart) ?? 'No filter',
  };
  return [range, ...fixed, ...built];
}

/** A month that has not ended has days and no month. */
function havingSql({ table, axis, measures }: Chart): string {
  return axis === 'month' ? measures.map((measure) => `${measureSql(table, measure)} is not null`).join(' and ') : '';
}

/** The query as the dashboard asks it before anybody has touched a filter. */
function queryContext(chart: Chart, params: Asset): Json {
  const { table, by = [], axis, measures } = chart;
  const metrics = measures.map((measure) => metric(chart, measure));
  const x =
    axis === undefined
      ? []
      : typeof axis === 'object'
        ? [xAxis(chart)]
        : [
            {
              columnType: 'BASE_AXIS',
              expressionType: 'SQL',
              label: table.eventTime,
              sqlExpression: table.eventTime,
              ...(axis === 'month' ? { timeGrain: 'P1M' } : {}),
            },
          ];
  const equals = (col: string, val: string) => ({ col, op: '==', val });
  const filters = [
    ...fixedConditions(chart).map(({ column, value }) => equals(column, value)),
    ...(chart.grain === 'chosen' && table.periodGrain !== undefined ? [equals(table.periodGrain, 'DAILY')] : []),
    ...(chart.platforms === 'one' ? [equals('platform', everybody)] : []),
    ...(hasTimeRange(chart)
      ? [{ col: table.eventTime, op: 'TEMPORAL_RANGE', val: ownTimeRange(chart) ?? defaultTimeRange }]
      : []),
  ];
  return {
    // The import puts the dataset's id of its own database here.
    datasource: { id: 0, type: 'table' },
    force: false,
    queries: [
      {
        columns: [...x, ...by],
        metrics,
        filters,
        orderby: metrics[0] === undefined ? [] : [[metrics[0], false]],
        row_limit: rowLimit,
        extras: { having: havingSql(chart), where: '' },
        annotation_layers: [],
        applied_time_extras: {},
        custom_params: {},
        url_params: {},
        is_timeseries: false,
        series_columns: [...by],
        series_limit: 0,
        order_desc: true,
        post_processing: [],
      },
    ],
    form_data: { ...params, force: false, result_format: 'json', result_type: 'full' },
    result_format: 'json',
    result_type: 'full',
  };
}

/** A quarter of a year holds 92 days, 13 weeks and the first days of three months: something to see in every grain. */
export const defaultTimeRange = 'DATEADD(DATETIME("today"), -3, month) : ';
