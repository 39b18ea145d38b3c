import type { Table } from '../../core/catalogue/table.ts';
import { columnLabel } from '../chart.ts';
import { stableUuid } from './stable-uuid.ts';

/** A JSON value, as an asset holds it. */
export type Json = string | number | boolean | null | readonly Json[] | { readonly [key: string]: Json };

export type Asset = { readonly [key: string]: Json };

export const assetVersion = '1.0.0';

/** What every asset states. Keys that are left out of an asset keep whatever an earlier import gave them, so none is. */
export const unmanaged = { is_managed_externally: false, external_url: null } as const;

/** What the charts of a bundle are known by in Superset, and those of an earlier one found by. */
export const certifiedBy = 'Lethe';

/** A gold table as Superset's dataset, with the catalogue's descriptions. */
export function datasetAsset(table: Table, databaseUuid: string, schema: string): Asset {
  return {
    table_name: table.name,
    main_dttm_col: table.eventTime,
    description: table.description,
    default_endpoint: null,
    offset: 0,
    cache_timeout: null,
    schema,
    catalog: null,
    sql: null,
    params: null,
    template_params: null,
    filter_select_enabled: true,
    fetch_values_predicate: null,
    extra: null,
    normalize_columns: false,
    always_filter_main_dttm: false,
    uuid: datasetUuid(table),
    metrics: [],
    columns: table.columns.map(({ name, type, description }) => ({
      column_name: name,
      verbose_name: columnLabel(name),
      is_dttm: type === 'date' || type === 'timestamp',
      is_active: true,
      type: type.toUpperCase(),
      advanced_data_type: null,
      groupby: type === 'string' || type === 'date',
      filterable: true,
      expression: null,
      description,
      python_date_format: null,
      extra: {},
    })),
    version: assetVersion,
    database_uuid: databaseUuid,
    ...unmanaged,
  };
}

export function datasetUuid(table: Table): string {
  return stableUuid(`dataset/${table.name}`);
}
