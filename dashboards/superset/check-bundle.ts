import { parse } from 'yaml';
import { z } from 'zod';
import type { Table } from '../../core/catalogue/table.ts';
import { assetShapes } from './asset-shapes.ts';
import type { BundleFile } from './bundle.ts';

type Kind = keyof typeof assetShapes;
type Read = { readonly [K in Kind]: { readonly path: string; readonly asset: z.infer<(typeof assetShapes)[K]> }[] };

/**
 * What is wrong with a bundle, one line each, found without Superset, which names no cause of what it refuses: keys that its
 * schemas do not know or miss, references to what the bundle does not hold, and columns that no table has, which it would
 * take in silence.
 */
export function bundleFaults(files: readonly BundleFile[], tables: readonly Table[]): string[] {
  const faults: string[] = [];
  const read: Read = { metadata: [], databases: [], datasets: [], charts: [], dashboards: [] };
  for (const { path, text } of files) {
    const told = readFile(path, text, read);
    faults.push(...told.map((fault) => `${path}: ${fault}`));
  }
  for (const kind of ['metadata', 'databases', 'dashboards'] as const) {
    if (!files.some(({ path }) => kindOf(path) === kind)) faults.push(`the bundle has no ${kind}`);
  }
  // What could not be read would be missed by everything that refers to it.
  return faults.length > 0 ? faults : [...wrongReferences(read), ...wrongColumns(read, tables)];
}

function kindOf(path: string): Kind | undefined {
  const [, folder = '', file] = path.split('/');
  if (folder === 'metadata.yaml' && file === undefined) return 'metadata';
  return folder === 'databases' || folder === 'datasets' || folder === 'charts' || folder === 'dashboards'
    ? folder
    : undefined;
}

function readFile(path: string, text: string, read: Read): string[] {
  const kind = kindOf(path);
  if (kind === undefined) return ['Superset knows no such file'];
  let value: unknown;
  try {
    value = parse(text, { version: '1.1' });
  } catch (error) {
    return [`no YAML: ${error instanceof Error ? (error.message.split('\n')[0] ?? '') : ''}`];
  }
  const put = <K extends Kind>(of: K, shape: z.ZodType<z.infer<(typeof assetShapes)[K]>>): string[] => {
    const parsed = shape.safeParse(value);
    if (parsed.success) read[of].push({ path, asset: parsed.data });
    return parsed.success ? [] : parsed.error.issues.map(faultOf);
  };
  switch (kind) {
    case 'metadata':
      return put(kind, assetShapes.metadata);
    case 'databases':
      return put(kind, assetShapes.databases);
    case 'datasets':
      return put(kind, assetShapes.datasets);
    case 'charts':
      return put(kind, assetShapes.charts);
    case 'dashboards':
      return put(kind, assetShapes.dashboards);
  }
}

function faultOf({ path, message }: z.core.$ZodIssue): string {
  return path.length === 0 ? message : `${path.join('.')}: ${message}`;
}

function wrongReferences({ databases, datasets, charts, dashboards }: Read): string[] {
  const holds = (found: readonly { asset: { uuid: string } }[]) => new Set(found.map(({ asset }) => asset.uuid));
  const [databaseIds, datasetIds, chartIds] = [holds(databases), holds(datasets), holds(charts)];
  const missing = (path: string, key: string, uuid: string, known: ReadonlySet<string>) =>
    known.has(uuid) ? [] : [`${path}: ${key} ${uuid} is nothing that the bundle holds`];
  return [
    ...datasets.flatMap(({ path, asset }) => missing(path, 'database_uuid', asset.database_uuid, databaseIds)),
    ...charts.flatMap(({ path, asset }) => missing(path, 'dataset_uuid', asset.dataset_uuid, datasetIds)),
    ...dashboards.flatMap(({ path, asset }) => {
      const placed = Object.values(asset.position).flatMap((cell) => placedChart.safeParse(cell).data ?? []);
      const targets = asset.metadata.native_filter_configuration.flatMap((filter) => filter.targets);
      const places = new Set(placed.map(({ meta }) => meta.uuid));
      return [
        ...placed.flatMap(({ meta }) => missing(path, 'position: chart', meta.uuid, chartIds)),
        ...targets.flatMap(({ datasetUuid }) =>
          datasetUuid === undefined ? [] : missing(path, 'filter: dataset', datasetUuid, datasetIds),
        ),
        ...charts
          .filter((chart) => !places.has(chart.asset.uuid))
          .map((chart) => `${chart.path}: stands nowhere on the dashboard`),
      ];
    }),
  ];
}

const placedChart = z.looseObject({ type: z.literal('CHART'), meta: z.looseObject({ uuid: z.string() }) });

function wrongColumns({ datasets, charts, dashboards }: Read, tables: readonly Table[]): string[] {
  const columns = new Map<string, ReadonlySet<string>>();
  const faults = datasets.flatMap(({ path, asset }) => {
    const table = tables.find(({ name }) => name === asset.table_name);
    const declared = new Set(table?.columns.map(({ name }) => name));
    columns.set(asset.uuid, declared);
    if (table === undefined) return [`${path}: the catalogue has no table ${asset.table_name}`];
    return asset.columns
      .map(({ column_name: name }) => name)
      .filter((name) => !declared.has(name))
      .map((name) => `${path}: ${table.name} has no column ${name}`);
  });
  const unknown = (path: string, dataset: string, used: readonly string[]) =>
    [...new Set(used)]
      .filter((name) => !(columns.get(dataset)?.has(name) ?? false))
      .map((name) => `${path}: its dataset has no column ${name}`);
  return [
    ...faults,
    ...charts.flatMap(({ path, asset }) => unknown(path, asset.dataset_uuid, columnsUsed(asset.params))),
    ...dashboards.flatMap(({ path, asset }) =>
      asset.metadata.native_filter_configuration.flatMap(({ targets }) =>
        targets.flatMap(({ datasetUuid, column }) =>
          datasetUuid === undefined || column === undefined ? [] : unknown(path, datasetUuid, [column.name]),
        ),
      ),
    ),
  ];
}

/** The columns that a chart names, and those that stand quoted in its expressions. */
function columnsUsed({ groupby = [], x_axis: x, adhoc_filters: filters, metrics = [], metric }: ChartParams): string[] {
  const expressions = [
    ...[...metrics, ...(metric === undefined ? [] : [metric])].map(({ sqlExpression }) => sqlExpression),
    ...(typeof x === 'object' ? [x.sqlExpression] : []),
    ...filters.flatMap(({ sqlExpression }) => sqlExpression ?? []),
  ];
  const quoted = expressions.flatMap((sql) => Array.from(sql.matchAll(/"([^"]+)"/g), ([, name]) => name ?? ''));
  const named = filters.flatMap(({ subject }) => subject ?? []);
  return [...groupby, ...(typeof x === 'string' ? [x] : []), ...named, ...quoted];
}

type ChartParams = z.infer<(typeof assetShapes)['charts']>['params'];
