import { unzipSync } from 'fflate';
import { parse } from 'yaml';
import { z } from 'zod';
import { chatTables } from '../../core/chat/tables.ts';
import { chartsOf, type Dashboard } from '../../dashboards/chart.ts';
import { chatDashboard } from '../../dashboards/chat.ts';
import { assetShapes } from '../../dashboards/superset/asset-shapes.ts';
import { supersetBundle, zipFiles } from '../../dashboards/superset/bundle.ts';
import { bundleFaults } from '../../dashboards/superset/check-bundle.ts';

const source = { region: 'eu-central-1', workGroup: 'analysts', database: 'lake' };
const bundle = supersetBundle(chatDashboard, source);

const filesOf = (folder: string) => bundle.files.filter(({ path }) => path.includes(`/${folder}/`));
const read = <T>(folder: string, schema: z.ZodType<T>): T[] =>
  filesOf(folder).map(({ text }) => schema.parse(parse(text, { version: '1.1' })));

describe("Superset's bundle", () => {
  test('holds what its import reads, every key of it', () => {
    expect(read('databases', assetShapes.databases)).toHaveLength(1);
    expect(read('datasets', assetShapes.datasets)).toHaveLength(7);
    expect(read('charts', assetShapes.charts)).toHaveLength(chartsOf(chatDashboard).length);
    expect(read('dashboards', assetShapes.dashboards)).toHaveLength(1);
    const metadata = bundle.files.find(({ path }) => path.endsWith('/metadata.yaml'));
    // A timestamp without quotes would be read as a date, and refused.
    expect(assetShapes.metadata.parse(parse(metadata?.text ?? '', { version: '1.1' })).type).toBe('assets');
  });

  test('has no fault, and each of these would be seen', () => {
    // One chart tells as much as all, and is read sooner.
    const pages = chatDashboard.pages.slice(0, 1).map((page) => ({
      ...page,
      charts: page.charts.filter(({ id }) => id === 'mau'),
    }));
    const small = supersetBundle({ ...chatDashboard, pages }, source);
    const faultsWith = (path: string, change: (text: string) => string) =>
      bundleFaults(
        small.files.map((file) => (file.path === path ? { path, text: change(file.text) } : file)),
        chatTables,
      );
    expect(bundleFaults(bundle.files, chatTables)).toEqual([]);
    const mau = 'lethe/charts/mau.yaml';
    const series = 'lethe/datasets/athena/gold_time_series.yaml';
    const seen = (path: string, change: (text: string) => string) => faultsWith(path, change).join('; ');
    expect(seen(mau, (text) => text.replace('slice_name', 'slice_nam'))).toMatch(/^lethe.charts.mau.yaml: .*slice_nam/);
    expect(seen(mau, (text) => `${text}x: [\n`)).toMatch(/^lethe.charts.mau.yaml: no YAML/);
    expect(seen(mau, (text) => text.replace(/^dataset_uuid: ./m, 'dataset_uuid: 0'))).toMatch(/dataset_uuid 0/);
    expect(seen(mau, (text) => text.replaceAll('active_users', 'active_userz'))).toMatch(/no column active_userz/);
    expect(seen(mau, (text) => text.replace('- platform', '- plattform'))).toMatch(/no column plattform/);
    expect(seen(mau, (text) => text.replace(/^uuid: ./m, 'uuid: 0'))).toMatch(/position: chart/);
    expect(seen(series, (text) => text.replace('column_name: grain', 'column_name: grein'))).toMatch(/no column grein/);
    expect(seen(series, (text) => text.replace('table_name: gold_', 'table_name: gold_no_'))).toMatch(
      /no table gold_no_/,
    );
    expect(seen('lethe/dashboards/chat.yaml', (text) => text.replace('name: platform', 'name: plattform'))).toMatch(
      /no column plattform/,
    );
    expect(seen('lethe/metadata.yaml', (text) => text.replace('assets', 'Dashboard'))).toMatch(/^lethe.metadata.yaml/);
    expect(bundleFaults(small.files.slice(1), chatTables)).toEqual(['the bundle has no metadata']);
  });

  test('lets each filter reach those charts that listen to it', () => {
    const [dashboard] = read('dashboards', assetShapes.dashboards);
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

  test('lets a click on a value reach those charts alone that have it', () => {
    const [dashboard] = read('dashboards', assetShapes.dashboards);
    const charts = chartsOf(chatDashboard);
    const scopes = z
      .record(z.string(), z.object({ crossFilters: z.object({ scope: z.object({ excluded: z.array(z.number()) }) }) }))
      .parse(dashboard?.metadata.chart_configuration);
    const reachedFrom = (id: string) => {
      const number = charts.findIndex((chart) => chart.id === id) + 1;
      const excluded = scopes[String(number)]?.crossFilters.scope.excluded ?? [];
      return charts.filter((_, at) => !excluded.includes(at + 1)).map((chart) => chart.id);
    };
    expect(reachedFrom('top-tools')).toEqual(['tool-calls', 'tool-users']);
    expect(reachedFrom('users-by-country')).toEqual(['top-country']);
    expect(reachedFrom('top-models')).toHaveLength(4);
    expect(reachedFrom('messages')).toEqual(
      charts.filter(({ id, platforms }) => platforms === 'compared' && id !== 'messages').map(({ id }) => id),
    );
    expect(reachedFrom('data-as-of')).toEqual([]);
  });

  test('says of means over built periods, and of nothing else, that Superset leaves empty ones out', () => {
    const perPeriod = ['mean per period', 'daily mean per monthly'];
    const means = chartsOf(chatDashboard).filter(({ measures }) =>
      measures.some(({ aggregate }) => perPeriod.includes(String(aggregate))),
    );
    expect(means).toHaveLength(7);
    const told = filesOf('charts').filter(({ text }) => text.includes('are left out of its mean.'));
    expect(told.map(({ path }) => path).sort()).toEqual(means.map(({ id }) => `lethe/charts/${id}.yaml`).sort());
  });

  test('is the same bytes each time, and holds no secret', () => {
    const zip = zipFiles(bundle.files);
    expect(Buffer.from(zipFiles(supersetBundle(chatDashboard, source).files))).toEqual(Buffer.from(zip));
    expect(Object.keys(unzipSync(zip)).sort()).toEqual(bundle.files.map(({ path }) => path).sort());
    const [database] = read('databases', assetShapes.databases);
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
