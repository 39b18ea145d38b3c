import { z } from 'zod';
import { certifiedBy } from './dataset-asset.ts';

const uuid = z.uuid();
const anything = z.record(z.string(), z.unknown());
const managed = { version: z.literal('1.0.0'), is_managed_externally: z.literal(false), external_url: z.null() };
const expression = z.looseObject({ sqlExpression: z.string() });

/**
 * What Superset 6.1's own schemas ask of each kind of asset, every key: one that is not named here is refused there, and one
 * that is left out keeps whatever an earlier import gave it. Source: superset/{databases,datasets,charts,dashboards}/schemas.py.
 */
export const assetShapes = {
  // A timestamp without quotes would be read as a date, and refused.
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
    schema: z.string(),
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
    certified_by: z.literal(certifiedBy),
    certification_details: z.string(),
    viz_type: z.enum(['echarts_timeseries_line', 'echarts_timeseries_bar', 'big_number', 'table']),
    params: z.looseObject({
      groupby: z.array(z.string()).optional(),
      metrics: z.array(expression).optional(),
      metric: expression.optional(),
      x_axis: z.union([z.string(), expression]).optional(),
      adhoc_filters: z.array(z.looseObject({ subject: z.string().nullable(), sqlExpression: z.string().nullish() })),
    }),
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
    slug: z.string(),
    uuid,
    position: anything,
    metadata: z.looseObject({
      native_filter_configuration: z.array(
        z.looseObject({
          name: z.string(),
          targets: z.array(
            z.looseObject({ datasetUuid: uuid.optional(), column: z.looseObject({ name: z.string() }).optional() }),
          ),
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
