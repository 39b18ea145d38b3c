import { goldTimeSeries } from '../../core/chat/tables.ts';
import { type Chart, chartsOf, type Dashboard, everybody, type Page } from '../chart.ts';
import { fixedColours } from '../colours.ts';
import { chartUuid, defaultTimeRange, meaningIn } from './chart-asset.ts';
import { type Asset, assetVersion, datasetUuid, type Json, unmanaged } from './dataset-asset.ts';
import { stableUuid } from './stable-uuid.ts';

/** Rows of Superset's grid, 8 pixels each. */
const heights: Readonly<Record<Chart['kind'], number>> = {
  figure: 22,
  lines: 52,
  'stacked bars': 52,
  'grouped bars': 52,
  table: 52,
};

/** A dashboard of the specification: a tab for each page, and the filters above them. */
export function dashboardAsset(dashboard: Dashboard): Asset {
  const charts = chartsOf(dashboard);
  /** Superset's ids are its own; within the bundle charts are numbered. */
  const idOf = (chart: Chart) => charts.indexOf(chart) + 1;
  const excluded = (listens: (chart: Chart) => boolean) => charts.filter((chart) => !listens(chart)).map(idOf);
  return {
    dashboard_title: dashboard.title,
    description: dashboard.description,
    css: null,
    slug: `lethe-${dashboard.id}`,
    uuid: stableUuid(`dashboard/${dashboard.id}`),
    position: position(dashboard, idOf),
    metadata: {
      native_filter_configuration: nativeFilters(excluded),
      show_native_filters: true,
      cross_filters_enabled: true,
      global_chart_configuration: { scope: { rootPath: ['ROOT_ID'], excluded: [] }, chartsInScope: charts.map(idOf) },
      chart_configuration: crossFilters(charts, idOf),
      label_colors: labelColours(charts),
      shared_label_colors: [],
      color_scheme: 'supersetColors',
      expanded_slices: {},
      refresh_frequency: 0,
      timed_refresh_immune_slices: [],
      default_filters: '{}',
    },
    version: assetVersion,
    certified_by: null,
    certification_details: null,
    published: true,
    tags: null,
    ...unmanaged,
  };
}

/** Platforms by their names, measures by their labels. */
function labelColours(charts: readonly Chart[]): Asset {
  const labels = new Map(Object.entries(fixedColours).map(([name, { light }]) => [name, light]));
  for (const { measures, by } of charts) {
    if (by !== undefined) continue;
    for (const { column, label } of measures) {
      const colour = fixedColours[column];
      if (colour !== undefined) labels.set(label, colour.light);
    }
  }
  return Object.fromEntries(labels);
}

/** Which charts a click on a value filters: by default all, though those of another breakdown would be left without a row. */
function crossFilters(charts: readonly Chart[], idOf: (chart: Chart) => number): Asset {
  const emitting = charts.filter(({ by }) => by !== undefined);
  return Object.fromEntries(
    emitting.map((chart) => [
      String(idOf(chart)),
      {
        id: idOf(chart),
        crossFilters: {
          scope: { rootPath: ['ROOT_ID'], excluded: charts.filter((other) => !reaches(chart, other)).map(idOf) },
          chartsInScope: [],
        },
      },
    ]),
  );
}

/** Whether a value of one chart is one of another's too: a platform wherever platforms are compared, else a value of the same rows. */
export function reaches(chart: Chart, other: Chart): boolean {
  if (chart === other || chart.platforms === 'none') return false;
  if (chart.platforms === 'compared') return other.platforms === 'compared';
  const [own, others] = [chart.where ?? {}, other.where ?? {}];
  const isSame = Object.entries(own).every(([column, value]) => others[column] === value);
  return chart.table === other.table && other.platforms === 'one' && isSame;
}

function nativeFilters(excluded: (listens: (chart: Chart) => boolean) => number[]): Json {
  const dataset = datasetUuid(goldTimeSeries);
  const choice = (
    name: string,
    id: string,
    column: string,
    description: string,
    value: string | undefined,
    listens: (chart: Chart) => boolean,
  ) => ({
    id: `NATIVE_FILTER-${id}`,
    type: 'NATIVE_FILTER',
    name,
    description,
    filterType: 'filter_select',
    targets: [{ column: { name: column }, datasetUuid: dataset }],
    controlValues: {
      // A choice with a default is always one; the other may be several or none.
      enableEmptyFilter: value !== undefined,
      multiSelect: value === undefined,
      defaultToFirstItem: false,
      inverseSelection: false,
      searchAllOptions: false,
      sortAscending: true,
    },
    defaultDataMask:
      value === undefined
        ? { extraFormData: {}, filterState: {}, ownState: {} }
        : {
            extraFormData: { filters: [{ col: column, op: 'IN', val: [value] }] },
            filterState: { value: [value], label: value },
            ownState: {},
          },
    cascadeParentIds: [],
    scope: { rootPath: ['ROOT_ID'], excluded: excluded(listens) },
  });
  return [
    choice(
      'Grain',
      'grain',
      'grain',
      'The length of a period. Charts that name their own grain keep it.',
      'DAILY',
      ({ grain }) => grain === 'chosen',
    ),
    {
      id: 'NATIVE_FILTER-time',
      type: 'NATIVE_FILTER',
      name: 'Time range',
      description: 'Periods that begin within it. Charts that name their own grain keep a range that fits it.',
      filterType: 'filter_time',
      targets: [{}],
      controlValues: { enableEmptyFilter: false },
      defaultDataMask: {
        extraFormData: { time_range: defaultTimeRange },
        filterState: { value: defaultTimeRange },
        ownState: {},
      },
      cascadeParentIds: [],
      scope: { rootPath: ['ROOT_ID'], excluded: excluded(({ grain }) => grain === 'chosen') },
    },
    choice(
      'Platform of bars and figures',
      'platform',
      'platform',
      'The platform of stacked bars, tables and key figures. All counts everybody once.',
      everybody,
      ({ platforms }) => platforms === 'one',
    ),
    choice(
      'Platforms compared',
      'compared',
      'platform',
      'The platforms of lines and distributions. None chosen: all of them.',
      undefined,
      ({ platforms }) => platforms === 'compared',
    ),
  ];
}

function position(dashboard: Dashboard, idOf: (chart: Chart) => number): Asset {
  const tabs = 'TABS-pages';
  const placed: [string, Json][] = dashboard.pages.flatMap((page) => placePage(page, dashboard, tabs, idOf));
  return {
    DASHBOARD_VERSION_KEY: 'v2',
    ROOT_ID: { id: 'ROOT_ID', type: 'ROOT', children: [tabs] },
    GRID_ID: { id: 'GRID_ID', type: 'GRID', children: [], parents: ['ROOT_ID'] },
    HEADER_ID: { id: 'HEADER_ID', type: 'HEADER', meta: { text: dashboard.title } },
    [tabs]: {
      id: tabs,
      type: 'TABS',
      children: dashboard.pages.map(({ id }) => `TAB-${id}`),
      parents: ['ROOT_ID'],
      meta: {},
    },
    ...Object.fromEntries(placed),
  };
}

function placePage(page: Page, dashboard: Dashboard, tabs: string, idOf: (chart: Chart) => number): [string, Json][] {
  const tab = `TAB-${page.id}`;
  const rows = rowsOf(page.charts).map((charts, at) => ({ id: `ROW-${page.id}-${at + 1}`, charts }));
  const above = ['ROOT_ID', tabs, tab];
  const meanings = meaningsOf(page);
  const last = `ROW-${page.id}-meanings`;
  const text = `MARKDOWN-${page.id}`;
  return [
    [
      tab,
      {
        id: tab,
        type: 'TAB',
        children: [...rows.map(({ id }) => id), last],
        parents: ['ROOT_ID', tabs],
        meta: { text: page.title, defaultText: 'Tab title', placeholder: 'Tab title' },
      },
    ],
    ...rows.flatMap(({ id, charts }): [string, Json][] => [
      [
        id,
        {
          id,
          type: 'ROW',
          children: charts.map((chart) => `CHART-${chart.id}`),
          parents: above,
          meta: { background: 'BACKGROUND_TRANSPARENT' },
        },
      ],
      ...charts.map((chart): [string, Json] => [
        `CHART-${chart.id}`,
        {
          id: `CHART-${chart.id}`,
          type: 'CHART',
          children: [],
          parents: [...above, id],
          meta: {
            chartId: idOf(chart),
            uuid: chartUuid(dashboard.id, chart),
            sliceName: chart.title,
            width: widthOf(chart),
            height: heights[chart.kind],
          },
        },
      ]),
    ]),
    [last, { id: last, type: 'ROW', children: [text], parents: above, meta: { background: 'BACKGROUND_TRANSPARENT' } }],
    [
      text,
      {
        id: text,
        type: 'MARKDOWN',
        children: [],
        parents: [...above, last],
        // A heading, and a line or two of 20 pixels for each meaning.
        meta: {
          width: 12,
          height: 10 + meanings.length * 6,
          code: ['### What the figures mean', ...meanings].join('\n\n'),
        },
      },
    ],
  ];
}

/** Superset shows a chart's description only when asked; here each page ends with all of them. */
function meaningsOf({ charts }: Page): string[] {
  const titles = Map.groupBy(charts, meaningIn);
  return [...titles].map(([meaning, told]) => `**${told.map(({ title }) => title).join(', ')}.** ${meaning}`);
}

/** Superset's cards need more room around a figure. */
function widthOf({ kind, width }: Chart): number {
  return kind === 'figure' ? 4 : width;
}

/** Charts side by side, twelve columns to a row. */
function rowsOf(charts: readonly Chart[]): Chart[][] {
  const rows: Chart[][] = [];
  let free = 0;
  for (const chart of charts) {
    if (widthOf(chart) > free) {
      rows.push([]);
      free = 12;
    }
    rows.at(-1)?.push(chart);
    free -= widthOf(chart);
  }
  return rows;
}
