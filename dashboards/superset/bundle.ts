import { zipSync } from 'fflate';
import { stringify } from 'yaml';
import { chartsOf, type Dashboard } from '../chart.ts';
import { chartAsset } from './chart-asset.ts';
import { dashboardAsset } from './dashboard-asset.ts';
import { type Asset, assetVersion, datasetAsset, unmanaged } from './dataset-asset.ts';
import { stableUuid } from './stable-uuid.ts';

/** Where Superset reads gold: an Athena that it reaches with credentials of its own. */
export interface SupersetSource {
  readonly region: string;
  /** The workgroup decides where results go and what a query may scan. */
  readonly workGroup: string;
  /** The Athena database of the gold tables. */
  readonly database: string;
}

export interface BundleFile {
  readonly path: string;
  readonly text: string;
}

/** What a bundle holds, by UUID: all that Superset may keep of an earlier one is what is listed here. */
export interface Bundle {
  readonly files: readonly BundleFile[];
  readonly dashboardUuid: string;
  readonly chartUuids: readonly string[];
}

const root = 'lethe';

/** Superset's assets for a dashboard: the database, a dataset for each table that a chart reads, the charts and the dashboard. Equal input gives equal bytes. */
export function supersetBundle(dashboard: Dashboard, source: SupersetSource): Bundle {
  const databaseUuid = stableUuid(`database/${source.database}`);
  const charts = chartsOf(dashboard);
  const tables = [...new Set(charts.map(({ table }) => table))];
  const chartAssets = charts.map((chart) => ({ id: chart.id, asset: chartAsset(dashboard.id, chart) }));
  const dashboardFile = dashboardAsset(dashboard);
  const file = (path: string, asset: Asset): BundleFile => ({
    path: `${root}/${path}.yaml`,
    // A string that looks like a number or a date stays a string; no line is folded.
    text: stringify(asset, { lineWidth: 0, version: '1.1', aliasDuplicateObjects: false }),
  });
  return {
    files: [
      // The import insists on a timestamp; one that never changes keeps the bundle the same.
      file('metadata', { version: assetVersion, type: 'assets', timestamp: '2026-01-01T00:00:00+00:00' }),
      file('databases/athena', databaseAsset(databaseUuid, source)),
      ...tables.map((table) =>
        file(`datasets/athena/${table.name}`, datasetAsset(table, databaseUuid, source.database)),
      ),
      ...chartAssets.map(({ id, asset }) => file(`charts/${id}`, asset)),
      file(`dashboards/${dashboard.id}`, dashboardFile),
    ],
    dashboardUuid: String(dashboardFile.uuid),
    chartUuids: chartAssets.map(({ asset }) => String(asset.uuid)),
  };
}

/** Files of a bundle as the zip that Superset imports. */
export function zipFiles(files: readonly BundleFile[]): Uint8Array<ArrayBuffer> {
  const encoder = new TextEncoder();
  const entries = files.map(({ path, text }) => [path, encoder.encode(text)]);
  // A zip knows no time before 1980; any fixed one will do.
  return zipSync(Object.fromEntries(entries), { level: 9, mtime: new Date(2026, 0, 1) });
}

function databaseAsset(uuid: string, { region, workGroup, database }: SupersetSource): Asset {
  return {
    database_name: 'Lethe (Athena)',
    // No key and no secret: PyAthena takes the task's role, as every AWS SDK does.
    sqlalchemy_uri: `awsathena+rest://:@athena.${region}.amazonaws.com:443/${database}?work_group=${encodeURIComponent(workGroup)}`,
    cache_timeout: null,
    expose_in_sqllab: true,
    allow_run_async: false,
    allow_ctas: false,
    allow_cvas: false,
    allow_dml: false,
    allow_csv_upload: false,
    impersonate_user: false,
    extra: {
      allows_virtual_table_explore: true,
      metadata_params: {},
      engine_params: {},
      schemas_allowed_for_csv_upload: [],
    },
    uuid,
    version: assetVersion,
    ...unmanaged,
  };
}
