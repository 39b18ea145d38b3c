import { athenaDdl } from '../../../core/catalogue/athena-ddl.ts';
import { duckdbDdl } from '../../../core/catalogue/duckdb-ddl.ts';
import { defineTable } from '../../../core/catalogue/table.ts';

const visits = defineTable({
  name: 'bronze_visits',
  layer: 'bronze',
  description: 'Visits.',
  grain: ['visit_id'],
  columns: [
    { name: 'visit_id', type: 'string', description: "The visit's id." },
    { name: 'user_id', type: 'string', description: 'Who.', identifies: { kind: 'user', onErasure: 'delete row' } },
    { name: 'timestamp', type: 'timestamp', description: 'When.' },
    { name: 'cost', type: 'decimal(18,9)', description: 'USD.' },
    { name: 'dt', type: 'date', description: 'Day.' },
  ],
  eventTime: 'timestamp',
  partition: [
    { transform: 'identity', column: 'dt' },
    { transform: 'hour', column: 'timestamp' },
    { transform: 'bucket', column: 'visit_id', buckets: 16 },
  ],
  retention: 'days',
});

test('an erasable table is made with partitions, escaped comments and what makes deletes physical', () => {
  expect(athenaDdl(visits, 's3://lake/bronze_visits/')).toBe(
    [
      'CREATE TABLE IF NOT EXISTS `bronze_visits` (',
      "  `visit_id` string COMMENT 'The visit\\'s id.',",
      "  `user_id` string COMMENT 'Who.',",
      "  `timestamp` timestamp COMMENT 'When.',",
      "  `cost` decimal(18,9) COMMENT 'USD.',",
      "  `dt` date COMMENT 'Day.'",
      ')',
      'PARTITIONED BY (`dt`, hour(`timestamp`), bucket(16, `visit_id`))',
      "LOCATION 's3://lake/bronze_visits/'",
      'TBLPROPERTIES (',
      "  'table_type' = 'ICEBERG',",
      "  'format' = 'parquet',",
      "  'write_compression' = 'zstd',",
      "  'optimize_rewrite_delete_file_threshold' = '1',",
      "  'optimize_rewrite_data_file_threshold' = '1',",
      "  'vacuum_max_snapshot_age_seconds' = '86400',",
      "  'vacuum_min_snapshots_to_keep' = '1'",
      ')',
    ].join('\n'),
  );
});

test('a table without identifiers keeps the defaults of deletes and snapshots', () => {
  const columns = visits.columns.filter((column) => column.name !== 'user_id');
  expect(athenaDdl({ ...visits, columns }, 's3://lake/x/')).not.toMatch(/optimize|vacuum/);
});

test('DuckDB gets the same columns in its own types', () => {
  expect(duckdbDdl(visits)).toBe(
    'create table if not exists "bronze_visits" (\n  "visit_id" varchar,\n  "user_id" varchar,\n  "timestamp" timestamp,\n  "cost" decimal(18,9),\n  "dt" date\n)',
  );
});
