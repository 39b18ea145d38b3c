import { athenaDdl } from '../../../core/catalogue/athena-ddl.ts';
import { jsonTableDdl } from '../../../core/catalogue/json-table-ddl.ts';
import { subjectsTable } from '../../../core/dsr/subjects-table.ts';
import { translateToTrino } from '../../../local/athena/trino-translate.ts';
import { hiveTypeOf } from '../../../local/athena/trino-types.ts';
import { visits } from './visits-lake.ts';

function sqlOf(sql: string): readonly string[] {
  const plan = translateToTrino(sql, 'lake');
  return plan.kind === 'run' ? plan.sql : [plan.kind];
}

test.each([
  ['select "partition".dt from "visits$partitions";', 'select "partition".dt from "visits$partitions"'],
  [
    'merge into visits t using s on t.a = s.a when matched then delete',
    'merge into visits t using s on t.a = s.a when matched then delete',
  ],
  [
    `optimize visits rewrite data using bin_pack where dt = date '2026-01-01'`,
    `alter table "lake"."visits" execute optimize where dt = date '2026-01-01'`,
  ],
  ['drop table if exists `a`.`b`', 'drop table if exists "a"."b"'],
  ['alter table visits drop column cost', 'alter table "lake"."visits" drop column "cost"'],
  [
    "create table d with (table_type = 'ICEBERG', location = 's3://b/d/', is_external = false) as select 1 x",
    "create table d with (location = 's3://b/d/') as select 1 x",
  ],
  [
    'create table d as with a as (select 1 x) select * from a',
    'create table d as with a as (select 1 x) select * from a',
  ],
])('%s is for Trino %s', (athena, trino) => {
  expect(sqlOf(athena)).toEqual([trino]);
});

test('our DDL becomes a table in Iceberg’s format 2 with Athena’s properties kept', () => {
  expect(sqlOf(athenaDdl({ ...visits, columns: visits.columns.slice(1, 3) }, 's3://b/visits'))).toEqual([
    `create table if not exists "lake"."visits" ("user_id" varchar comment 'Who came.', "timestamp" timestamp(6) comment 'When.')` +
      ` with (format = 'PARQUET', format_version = 2, partitioning = array['"dt"'], location = 's3://b/visits',` +
      ` extra_properties = map(array['optimize_rewrite_delete_file_threshold', 'optimize_rewrite_data_file_threshold', 'vacuum_max_snapshot_age_seconds', 'vacuum_min_snapshots_to_keep'], array['1', '1', '86400', '1']))`,
  ]);
});

test('an external table of JSON is one of Trino’s Hive catalogue, and one of other files is refused', () => {
  expect(sqlOf(jsonTableDdl(subjectsTable, 's3://b/subjects/'))).toEqual([
    `create table if not exists hive."lake"."dsr_subjects" ("subject" varchar comment 'Who is being erased.',` +
      ` "scope_ends" timestamp(3) comment 'Rows up to this instant (UTC) are in scope.', "batch" varchar comment 'The batch that erases them.')` +
      ` with (format = 'JSON', external_location = 's3://b/subjects/', partitioned_by = array['batch'])`,
  ]);
  const csv =
    "create external table t (a string) row format serde 'org.apache.hadoop.hive.serde2.OpenCSVSerde' location 's3://b/'";
  expect(() => translateToTrino(csv, 'lake')).toThrow('NOT_SUPPORTED');
});

test('a column is renamed and widened by one statement of Athena’s, and by two of Trino’s', () => {
  expect(sqlOf('alter table visits change column `visits` visits_cnt bigint;')).toEqual([
    'alter table "lake"."visits" rename column "visits" to "visits_cnt"',
    'alter table "lake"."visits" alter column "visits_cnt" set data type bigint',
  ]);
});

test.each([
  'copy visits to 1',
  'call system.flush_metadata_cache()',
  'set session x = 1',
  'alter table t execute optimize',
  'vacuum "visits"',
  `optimize visits rewrite data using bin_pack where "dt" = date '2026-01-01'`,
])('%s is refused, since Athena has no such statement', (sql) => {
  expect(() => translateToTrino(sql, 'lake')).toThrow(/^(SYNTAX_ERROR|NOT_SUPPORTED): /);
});

test('properties that Athena’s DDL refuses are refused', () => {
  const sql = "alter table visits set tblproperties ('commit.manifest.min-count-to-merge' = '2')";
  expect(() => translateToTrino(sql, 'lake')).toThrow(
    'Unsupported table property key: commit.manifest.min-count-to-merge',
  );
});

test.each([
  ['decimal(18,9)', 'decimal(18,9)'],
  ['timestamp(6)', 'timestamp'],
  ['timestamp(6) with time zone', 'timestamp'],
  ['array(varchar)', 'array<string>'],
  ['map(varchar, row("a b" integer, c array(double)))', 'map<string,struct<a b:int,c:array<double>>>'],
])('Trino’s %s is listed as %s', (trino, hive) => {
  expect(hiveTypeOf(trino)).toBe(hive);
});
