import { unzipSync } from 'fflate';
import { parse } from 'yaml';
import { z } from 'zod';
import { chartsOf, type Dashboard } from '../../dashboards/chart.ts';
import { chatDashboard } from '../../dashboards/chat.ts';
import { supersetBundle, zipFiles } from '../../dashboards/superset/bundle.ts';

const source = { region: 'eu-central-1', workGroup: 'analysts', database: 'lake' };
const bundle = supersetBundle(chatDashboard, source);

const uuid = z.uuid();
const anything = z.record(z.string(), z.unknown());
const managed = { version: z.literal('1.0.0'), is_managed_externally: z.literal(false), external_url: z.null() };

/** What Superset 6.1's own schemas ask of each kind of asset; a key that is not named here is refused there. */
const schemas = {
  metadata: z.strictObject({ version: z.literal('1.0.0'), type: z.literal('assets'), timestamp: z.string() }),
  databases: z.strictObject({
    database_name: z.string(),
    sqlalchemy_uri: z.string(),
    cache_timeout: z.null(),
    expose_in_sqllab: z.boolean(),
    allow_run_async: z.boolean(),
    allow_ctas: z.literal(false),
    allow_cvas: z.literal(false),
    allow_dml: z.literal(false),
    allow_csv_upload: z.literal(false),
    impersonate_user: z.boolean(),
    extra: anything,
    uuid,
    ...managed,
  }),
  datasets: z.strictObject({
    table_name: z.string().startsWith('gold_'),
    main_dttm_col: z.string(),
    description: z.string(),
    default_endpoint: z.null(),
    offset: z.number(),
    cache_timeout: z.null(),
    schema: z.literal('lake'),
    catalog: z.null(),
    sql: z.null(),
    params: z.null(),
    template_params: z.null(),
    filter_select_enabled: z.boolean(),
    fetch_values_predicate: z.null(),
    extra: z.null(),
    normalize_columns: z.boolean(),
    always_filter_main_dttm: z.boolean(),
    uuid,
    metrics: z.array(z.never()),
    columns: z.array(z.looseObject({ column_name: z.string(), is_dttm: z.boolean(), type: z.string() })),
    database_uuid: uuid,
    ...managed,
  }),
  charts: z.strictObject({
    slice_name: z.string(),
    description: z.string(),
    certified_by: z.literal('Lethe'),
    certification_details: z.string(),
    viz_type: z.enum(['echarts_timeseries_line', 'echarts_timeseries_bar', 'big_number', 'table']),
    params: anything,
    query_context: z.string(),
    cache_timeout: z.null(),
    uuid,
    dataset_uuid: uuid,
    tags: z.null(),
    ...managed,
  }),
  dashboards: z.strictObject({
    dashboard_title: z.string(),
    description: z.string(),
    css: z.null(),
    slug: z.literal('lethe-chat'),
    uuid,
    position: z.record(z.string(), z.unknown()),
    metadata: z.looseObject({
      native_filter_configuration: z.array(
        z.looseObject({
          name: z.string(),
          targets: z.array(z.looseObject({ datasetUuid: uuid.optional() })),
          scope: z.object({ excluded: z.array(z.number()) }).loose(),
          defaultDataMask: anything,
        }),
      ),
    }),
    certified_by: z.null(),
    certification_details: z.null(),
    published: z.boolean(),
    tags: z.null(),
    ...managed,
  }),
};

const filesOf = (folder: string) => bundle.files.filter(({ path }) => path.includes(`/${folder}/`));
const read = <T>(folder: string, schema: z.ZodType<T>): T[] =>
  filesOf(folder).map(({ text }) => schema.parse(parse(text, { version: '1.1' })));

describe("Superset's bundle", () => {
  test('holds what its import reads, every key of it', () => {
    expect(read('databases', schemas.databases)).toHaveLength(1);
    expect(read('datasets', schemas.datasets)).toHaveLength(6);
    expect(read('charts', schemas.charts)).toHaveLength(chartsOf(chatDashboard).length);
    expect(read('dashboards', schemas.dashboards)).toHaveLength(1);
    const metadata = bundle.files.find(({ path }) => path.endsWith('/metadata.yaml'));
    // A timestamp without quotes would be read as a date, and refused.
    expect(schemas.metadata.parse(parse(metadata?.text ?? '', { version: '1.1' })).type).toBe('assets');
  });

  test('refers only to what it holds', () => {
    const databases = read('databases', schemas.databases).map((one) => one.uuid);
    const datasets = read('datasets', schemas.datasets);
    const charts = read('charts', schemas.charts);
    for (const dataset of datasets) expect(databases).toContain(dataset.database_uuid);
    for (const chart of charts) expect(datasets.map((one) => one.uuid)).toContain(chart.dataset_uuid);
    const [dashboard] = read('dashboards', schemas.dashboards);
    const placed = z.looseObject({ type: z.literal('CHART'), meta: z.looseObject({ uuid, chartId: z.number() }) });
    const cells = Object.values(dashboard?.position ?? {}).flatMap((cell) => placed.safeParse(cell).data ?? []);
    expect(cells.map(({ meta }) => meta.uuid).sort()).toEqual(charts.map((one) => one.uuid).sort());
    for (const { targets } of dashboard?.metadata.native_filter_configuration ?? []) {
      for (const { datasetUuid } of targets) {
        if (datasetUuid !== undefined) expect(datasets.map((one) => one.uuid)).toContain(datasetUuid);
      }
    }
  });

  test('lets each filter reach those charts that listen to it', () => {
    const [dashboard] = read('dashboards', schemas.dashboards);
    const charts = chartsOf(chatDashboard);
    const reached = Object.fromEntries(
      (dashboard?.metadata.native_filter_configuration ?? []).map(({ name, scope }) => [
        name,
        charts.filter((_, at) => !scope.excluded.includes(at + 1)).map(({ id }) => id),
      ]),
    );
    const listening = (listens: (chart: (typeof charts)[number]) => boolean) =>
      charts.filter(listens).map(({ id }) => id);
    expect(reached).toEqual({
      Grain: listening(({ grain }) => grain === 'chosen'),
      'Time range': listening(({ grain }) => grain === 'chosen'),
      'Platform of bars and figures': listening(({ platforms }) => platforms === 'one'),
      'Platforms compared': listening(({ platforms }) => platforms === 'compared'),
    });
  });

  test('is the same bytes each time, and holds no secret', () => {
    const zip = zipFiles(bundle.files);
    expect(Buffer.from(zipFiles(supersetBundle(chatDashboard, source).files))).toEqual(Buffer.from(zip));
    expect(Object.keys(unzipSync(zip)).sort()).toEqual(bundle.files.map(({ path }) => path).sort());
    const [database] = read('databases', schemas.databases);
    expect(database?.sqlalchemy_uri).toBe(
      'awsathena+rest://:@athena.eu-central-1.amazonaws.com:443/lake?work_group=analysts',
    );
  });

  test('keeps the identity of a chart whose title changes', () => {
    const renamed: Dashboard = {
      ...chatDashboard,
      pages: chatDashboard.pages.map((page) => ({
        ...page,
        charts: page.charts.map((chart) => ({ ...chart, title: `${chart.title}!` })),
      })),
    };
    expect(supersetBundle(renamed, source).chartUuids).toEqual(bundle.chartUuids);
  });
});
