import { AthenaClient } from '@aws-sdk/client-athena';
import { z } from 'zod';
import { defaultSettings } from '../../core/settings.ts';
import { addDays } from '../../core/window.ts';
import { type Chart, chartsOf, type PeriodGrain } from '../../dashboards/chart.ts';
import { chartQuery } from '../../dashboards/chart-sql.ts';
import { chatDashboard } from '../../dashboards/chat.ts';
import { builtPeriods, knownPlatforms } from '../../dashboards/operations.ts';
import { type Bundle, supersetBundle } from '../../dashboards/superset/bundle.ts';
import { importBundle } from '../../dashboards/superset/import-bundle.ts';
import { SupersetClient } from '../../dashboards/superset/superset-client.ts';
import { choicesOf } from '../../local/console/choices.ts';
import { readQuery } from '../../local/console/read-query.ts';

// A real Superset 6.1 that reads the local Athena endpoint: LETHE_SUPERSET_URL and LETHE_ATHENA_URL say where, and
// LETHE_SUPERSET_PASSWORD lets in. The lake holds the demonstration. Without them these tests are skipped.

const {
  LETHE_SUPERSET_URL: url = '',
  LETHE_ATHENA_URL: endpoint = '',
  LETHE_SUPERSET_PASSWORD: password = '',
} = process.env;
const { database } = defaultSettings;
const bundle = supersetBundle(chatDashboard, { region: 'us-east-1', workGroup: 'primary', database });
const athena = new AthenaClient({
  endpoint,
  region: 'us-east-1',
  credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
});
let superset: SupersetClient;
/** Superset's ids of the charts, by UUID. */
let ids: Map<string, number>;

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
async function supersetRows(chart: Chart, at: number, grain: PeriodGrain, range: string): Promise<unknown[][]> {
  const id = ids.get(bundle.chartUuids[at] ?? '');
  const { query_context: text } = chartShape.parse((await superset.ask(`chart/${id}`)).body).result;
  const context = contextShape.parse(JSON.parse(text));
  for (const filter of context.queries[0].filters) {
    if (filter.col === 'grain' && chart.grain === 'chosen') filter.val = grain;
    if (filter.op === 'TEMPORAL_RANGE') filter.val = range;
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

(url === '' ? describe.skip : describe)('in Superset', () => {
  beforeAll(async () => {
    superset = await SupersetClient.connect(url, { username: 'admin', password });
    await importBundle(superset, bundle);
    ids = new Map((await list()).map(({ id, uuid }) => [uuid, id]));
  }, 60_000);
  afterAll(() => athena.destroy());

  test.each(chartsOf(chatDashboard).map((chart, at) => [chart.id, chart, at] as const))(
    '%s shows what gold holds, in every grain',
    async (_, chart, at) => {
      const filters = { grain: 'DAILY', from: '2000-01-01', to: '2100-01-01', platform: 'All', compared: [] } as const;
      const ask = (one: Chart, grain: PeriodGrain, from: string, to: string) =>
        readQuery(athena, database, chartQuery(one, database, { ...filters, grain, from, to }));
      const { periods } = choicesOf(
        await ask(builtPeriods, 'DAILY', filters.from, filters.to),
        await ask(knownPlatforms, 'DAILY', filters.from, filters.to),
      );
      const [from, to] = [periods.MONTHLY?.first ?? '', periods.DAILY?.last ?? ''];
      for (const grain of ['DAILY', 'WEEKLY', 'MONTHLY'] as const) {
        const { rows } = await ask(chart, grain, from, to);
        // The end of a range is not in it.
        const shown = await supersetRows(chart, at, grain, `${from} : ${addDays(to, 1)}`);
        const held = typeof chart.axis === 'object' ? rows.map((row) => row.slice(1)) : rows;
        expect(shown.length).toBeGreaterThan(0);
        expect(comparable(shown)).toEqual(comparable(held));
      }
    },
    60_000,
  );

  test('a second import doubles nothing', async () => {
    const before = await list();
    await importBundle(superset, bundle);
    expect(await list()).toHaveLength(before.length);
  });

  test('a broken bundle is refused, and the file at fault is named', async () => {
    const broken: Bundle = {
      ...bundle,
      files: bundle.files.map((file) =>
        file.path.endsWith('/charts/mau.yaml') ? { ...file, text: file.text.replace('slice_name', 'slice_nam') } : file,
      ),
    };
    await expect(importBundle(superset, broken)).rejects.toThrow('refuses lethe/charts/mau.yaml');
  }, 120_000);
});
