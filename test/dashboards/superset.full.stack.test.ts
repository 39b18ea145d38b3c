import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, Page, Request } from 'playwright-core';
import { z } from 'zod';
import { chatTables } from '../../core/chat/tables.ts';
import { addDays } from '../../core/window.ts';
import { type Chart, chartsOf, type PeriodGrain } from '../../dashboards/chart.ts';
import { type ChartQuery, chartQuery } from '../../dashboards/chart-sql.ts';
import { chatDashboard } from '../../dashboards/chat.ts';
import { type Bundle, supersetBundle, zipFiles } from '../../dashboards/superset/bundle.ts';
import { importBundle } from '../../dashboards/superset/import-bundle.ts';
import { SupersetClient } from '../../dashboards/superset/superset-client.ts';
import { readQuery } from '../../local/console/read-query.ts';
import { cacheDirectory } from '../../stack/artifacts/cache-directory.ts';
import { installSuperset } from '../../stack/artifacts/install-python.ts';
import { freePort } from '../../stack/free-port.ts';
import type { Part } from '../../stack/part.ts';
import { startSuperset } from '../../stack/superset.ts';
import { launchBrowser } from '../local/console/browser.ts';
import { openDemoLake } from '../local/console/demo-lake.ts';
import { describeInBrowser } from '../local/console/in-browser.ts';
import type { EmbeddedLake } from '../local/embedded-lake.ts';

// A real Superset 6.1 that reads the local Athena endpoint with PyAthena. The demonstration ends yesterday, so that the
// dashboard's own time ranges, which end today, have something to show.

const today = new Date().toISOString().slice(0, 10);
const days = 75;
const to = addDays(today, -1);
const password = 'of-a-superset-on-this-machine';

let directory: string;
let lake: EmbeddedLake;
let part: Part;
let superset: SupersetClient;
let bundle: Bundle;
/** Superset's ids of the charts, by UUID. */
let ids: Map<string, number>;

beforeAll(async () => {
  const began = performance.now();
  const seconds = () => `${((performance.now() - began) / 1_000).toFixed(0)} s`;
  directory = mkdtempSync(join(tmpdir(), 'lethe-superset-'));
  const home = join(directory, 'home');
  mkdirSync(home);
  const python = await installSuperset(cacheDirectory(process.env));
  const installed = seconds();
  lake = await openDemoLake(to, days);
  const { settings, endpointUrl } = lake.session;
  part = await startSuperset({
    ...{ python, password, athenaUrl: endpointUrl, port: await freePort() },
    ...{ directory: home, logFile: join(directory, 'superset.log'), environment: process.env },
  });
  bundle = supersetBundle(chatDashboard, { region: 'us-east-1', workGroup: 'primary', database: settings.database });
  superset = await SupersetClient.connect(part.address, { username: 'admin', password });
  const started = seconds();
  await importBundle(superset, bundle, chatTables);
  ids = new Map((await list()).map(({ id, uuid }) => [uuid, id]));
  process.stdout.write(`Superset: installed after ${installed}, up after ${started}, imported after ${seconds()}\n`);
}, 600_000);
afterAll(async () => {
  await part?.process.stop();
  await lake?.close();
  rmSync(directory, { recursive: true, force: true });
});

const listShape = z.object({ result: z.array(z.object({ id: z.number(), uuid: z.string() })) });
const list = async () =>
  listShape.parse((await superset.ask('chart/?q=(columns:!(id,uuid),page_size:1000)')).body).result;

const chartShape = z.object({ result: z.object({ query_context: z.string() }) });
const contextShape = z.looseObject({
  queries: z.tuple([
    z.looseObject({ filters: z.array(z.looseObject({ col: z.string(), op: z.string(), val: z.unknown() })) }),
  ]),
});
const dataShape = z.object({
  result: z.tuple([z.object({ data: z.array(z.record(z.string(), z.union([z.string(), z.number(), z.null()]))) })]),
});

/** The rows that Superset gets for a chart when its dashboard's filters say so. */
async function supersetRows(chart: Chart, at: number, grain: PeriodGrain): Promise<unknown[][]> {
  const id = ids.get(bundle.chartUuids[at] ?? '');
  const { query_context: text } = chartShape.parse((await superset.ask(`chart/${id}`)).body).result;
  const context = contextShape.parse(JSON.parse(text));
  for (const filter of context.queries[0].filters) {
    if (filter.col === 'grain' && chart.grain === 'chosen') filter.val = grain;
    // Months begin before the days do; the end of a range is not in it.
    if (filter.op === 'TEMPORAL_RANGE') filter.val = `2000-01-01 : ${addDays(to, 1)}`;
  }
  const answer = await superset.ask('chart/data', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(context),
  });
  expect(answer.status).toBe(200);
  return dataShape.parse(answer.body).result[0].data.map((row) => Object.values(row));
}

/** Values alone, dates as days and labels without their number: the two write columns and rows in another order. */
function comparable(rows: readonly (readonly unknown[])[]): string[] {
  const cell = (value: unknown): string => {
    // Superset writes dates as milliseconds.
    if (typeof value === 'number' && value > 1e12) return new Date(value).toISOString().slice(0, 10);
    if (typeof value === 'number') return String(Number(value.toPrecision(10)));
    return String(value).replace(/^\d: /, '').slice(0, 10);
  };
  return rows.map((row) => row.map(cell).sort().join(' | ')).sort();
}

/** The query of what Superset has to show: it takes means over the periods that have rows, since it does not see others. */
function overPeriodsWithRows({ sql, parameters }: ChartQuery): ChartQuery {
  return { sql: sql.replaceAll(/greatest\((.*?), coalesce\(max\("built_periods"\), 0\)\)/g, '$1'), parameters };
}

describe('in Superset', () => {
  test.each(chartsOf(chatDashboard).map((chart, at) => [chart.id, chart, at] as const))(
    '%s shows what gold holds, in every grain',
    async (_, chart, at) => {
      const { athena, settings } = lake.session;
      const filters = { from: '2000-01-01', to, platform: 'All', compared: [] };
      for (const grain of ['DAILY', 'WEEKLY', 'MONTHLY'] as const) {
        const query = overPeriodsWithRows(chartQuery(chart, settings.database, { ...filters, grain }));
        expect(query.sql).not.toContain('greatest(');
        const { rows } = await readQuery(athena, settings.database, query);
        const shown = await supersetRows(chart, at, grain);
        const held = typeof chart.axis === 'object' ? rows.map((row) => row.slice(1)) : rows;
        expect(shown.length).toBeGreaterThan(0);
        expect(comparable(shown)).toEqual(comparable(held));
      }
    },
    60_000,
  );

  test('a second import doubles nothing, and one with a chart less takes it away', async () => {
    const before = await list();
    await importBundle(superset, bundle, chatTables);
    expect(await list()).toEqual(before);
    const [first, ...pages] = chatDashboard.pages;
    if (first === undefined) throw new Error('no page');
    const less = {
      ...chatDashboard,
      pages: [{ ...first, charts: first.charts.filter(({ id }) => id !== 'mau') }, ...pages],
    };
    const { settings } = lake.session;
    const source = { region: 'us-east-1', workGroup: 'primary', database: settings.database };
    const { removed } = await importBundle(superset, supersetBundle(less, source), chatTables);
    expect(removed).toEqual(['Monthly active users (MAU)']);
    expect(await list()).toHaveLength(before.length - 1);
    await importBundle(superset, bundle, chatTables);
    ids = new Map((await list()).map(({ id, uuid }) => [uuid, id]));
  }, 120_000);

  /** The bundle with a file changed in a way that can only be seen by Superset. */
  const brokenIn = (path: string, change: (text: string) => string): Bundle => ({
    ...bundle,
    files: bundle.files.map((file) => (file.path === path ? { ...file, text: change(file.text) } : file)),
  });

  test('refuses a broken bundle for no reason, and the import tells file and reason', async () => {
    const broken = brokenIn('lethe/metadata.yaml', (text) => text.replace(/^timestamp: .*$/m, 'timestamp: yesterday'));
    const form = new FormData();
    form.append('bundle', new Blob([zipFiles(broken.files)], { type: 'application/zip' }), 'lethe.zip');
    const bare = await superset.ask('assets/import/', { method: 'POST', body: form });
    expect(bare.status).toBe(500);
    expect(JSON.stringify(bare.body)).toContain('unknown reason');
    await expect(importBundle(superset, broken, chatTables)).rejects.toThrow(
      'Superset refuses the bundle: metadata.yaml: {"timestamp":["Not a valid datetime."]}.',
    );
    // What was asked to learn the reason has changed nothing.
    expect(await list()).toHaveLength(chartsOf(chatDashboard).length);
  }, 120_000);

  test('that finds a fault after it has read all files leaves the file to be found', async () => {
    const broken = brokenIn('lethe/databases/athena.yaml', (text) =>
      text.replace(/^sqlalchemy_uri: .*$/m, 'sqlalchemy_uri: no address'),
    );
    await expect(importBundle(superset, broken, chatTables)).rejects.toThrow(
      'Superset refuses lethe/databases/athena.yaml (status 500)',
    );
  }, 120_000);
});

const dataPath = '/api/v1/chart/data';

describeInBrowser('in a browser, Superset', (executable) => {
  let browser: Browser;
  let page: Page;
  const refused: string[] = [];

  beforeAll(async () => {
    browser = await launchBrowser(executable);
    // It draws what is in view, so everything is.
    page = await browser.newPage({ viewport: { width: 1600, height: 5_000 } });
    // Superset's pages tell its makers that they were opened.
    await page.route(
      (url) => url.protocol.startsWith('http') && url.hostname !== '127.0.0.1',
      (route) => route.abort(),
    );
    page.on('response', (response) => {
      if (response.url().includes(dataPath) && !response.ok()) refused.push(response.url());
    });
    await page.goto(`${part.address}/login/`);
    await page.fill('#username', 'admin');
    await page.fill('#password', password);
    await page.keyboard.press('Enter');
    await page.waitForURL((url) => !url.pathname.startsWith('/login'));
    await page.goto(`${part.address}/superset/dashboard/lethe-${chatDashboard.id}/`);
  }, 120_000);
  afterAll(() => browser?.close());

  /** Opens a tab and waits until as many charts are drawn as it has; says how many are. */
  async function openTab(title: string, charts: number): Promise<number> {
    await page.getByRole('tab', { name: title }).first().click({ timeout: 60_000 });
    const drawn = page
      .locator('[data-test="dashboard-component-chart-holder"]:visible')
      .filter({ has: page.locator('canvas, table tbody tr, .header-line') });
    const deadline = Date.now() + 60_000;
    while ((await drawn.count()) < charts && Date.now() < deadline) await page.waitForTimeout(250);
    return drawn.count();
  }

  test.each(chatDashboard.pages)(
    'opens $id with every chart drawn and no alert',
    async ({ title, charts }) => {
      expect(await openTab(title, charts.length)).toBe(charts.length);
      expect(await page.locator('[role="alert"]:visible').allTextContents()).toEqual([]);
      expect(refused).toEqual([]);
    },
    120_000,
  );

  const slice = z.object({ form_data: z.object({ slice_id: z.number() }) });
  /** The filters that stood in the first query of a request for data, for a chart by its id in the specification. */
  const askedOf = (request: Request): { chart: string | undefined; filters: z.infer<typeof contextShape> } => {
    const body: unknown = request.postDataJSON();
    const id = slice.parse(body).form_data.slice_id;
    const chart = chartsOf(chatDashboard).find((_, at) => ids.get(bundle.chartUuids[at] ?? '') === id);
    return { chart: chart?.id, filters: contextShape.parse(body) };
  };

  test.each([
    ['tools', 'top-tools', 'tool_type', ['tool-calls', 'tool-users']],
    [
      'models',
      'top-models',
      'model',
      ['cost-by-model', 'cost-per-message-by-model', 'messages-by-model', 'tokens-per-message-by-model'],
    ],
    ['audience', 'top-platform', 'dimension_value', ['users-by-platform']],
  ])(
    'on %s filters by a click the charts that have the value, and no others',
    async (pageId, from, column, reached) => {
      const shown = chatDashboard.pages.find(({ id }) => id === pageId);
      const title = shown?.charts.find(({ id }) => id === from)?.title ?? '';
      await openTab(shown?.title ?? '', shown?.charts.length ?? 0);
      const asked: Request[] = [];
      const listen = (request: Request) => {
        if (request.url().includes(dataPath)) asked.push(request);
      };
      page.on('request', listen);
      const cell = page
        .locator('[data-test="dashboard-component-chart-holder"]:visible', { hasText: title })
        .locator('td.dt-is-filter')
        .first();
      const value = await cell.textContent();
      await cell.click();
      await page.getByText('Cross-filters').first().waitFor();
      const deadline = Date.now() + 60_000;
      while (asked.length < reached.length && Date.now() < deadline) await page.waitForTimeout(250);
      await Promise.all(asked.map(async (request) => expect((await request.response())?.status()).toBe(200)));
      page.off('request', listen);
      const told = asked.map(askedOf);
      expect([...new Set(told.map(({ chart }) => chart))].sort()).toEqual(reached);
      for (const { filters } of told) {
        expect(filters.queries[0].filters).toContainEqual({ col: column, op: 'IN', val: [value] });
      }
      expect(await page.locator('[role="alert"]:visible').allTextContents()).toEqual([]);
      // The same click takes it back.
      await cell.click();
    },
    120_000,
  );
});
