import { z } from 'zod';
import { subjectsPrefix, subjectsTable } from '../../core/dsr/subjects-table.ts';
import { pipelines } from '../../core/pipelines.ts';
import type { Call } from '../lambdas/lake/scripted-lake.ts';
import { dynamoNeeds, erasureNeeds, subjectNeeds } from './erasure-needs.ts';
import type { Need } from './policies.ts';
import { ofType, type SynthesizedApp } from './synthesized-app.ts';

/** The names that a template gives to what handlers reach. */
export interface Places {
  readonly ledger: string;
  readonly lake: string;
  readonly results: string;
  readonly key: string;
  readonly evidence: string;
  readonly requests: string;
  readonly pseudonym: string;
  readonly signing: string;
  /** Table and key of the vault. */
  readonly vault: string;
  readonly vaultKey: string;
  readonly deadLetters: string;
  readonly bus: string;
  readonly account: string;
  readonly workGroup: string;
  readonly database: string;
}

export type Wanted = Omit<Need, 'role'>;
const tables = pipelines.flatMap((pipeline) => pipeline.tables.map(({ name }) => name));
const started = z.object({ QueryString: z.string() });

/** What a call of AWS needs, with what AWS itself does for it with its caller's rights. */
export function needsOf({ service, operation, input }: Call, places: Places): Wanted[] {
  switch (service) {
    case 'cloudwatch':
      return [{ action: `cloudwatch:${operation}`, resource: '*' }];
    case 'dynamodb':
      return dynamoNeeds(operation, input, places);
    case 'athena': {
      const own = { action: `athena:${operation}`, resource: workGroupArn(places) };
      if (operation === 'StartQueryExecution') {
        return [own, ...resultNeeds(places), ...statementNeeds(started.parse(input).QueryString, places)];
      }
      if (operation !== 'GetQueryResults') return [own];
      return [
        own,
        { action: 's3:GetObject', resource: `${places.results}/${places.workGroup}/x.csv` },
        { action: 'kms:Decrypt', resource: places.key },
      ];
    }
    default:
      return erasureNeeds({ service, operation, input }, places);
  }
}

/** What Athena does beneath a statement: with the catalogue, with the tables' files, with their key. */
export function statementNeeds(sql: string, places: Places): Wanted[] {
  const [, target] =
    /^(?:merge into|delete from|optimize|vacuum|alter table|create table if not exists)\s+["`]?([a-z_]+)/i.exec(sql) ??
    [];
  if (/^create external table/i.test(sql)) {
    const actions = ['glue:GetDatabase', 'glue:GetTable', 'glue:CreateTable'];
    const folder = `${places.lake}/${subjectsPrefix}`;
    return [
      ...actions.flatMap((action) => glueArns(subjectsTable.name, places).map((resource) => ({ action, resource }))),
      // Hive's: is the folder there, and if not, make it.
      { action: 's3:GetBucketLocation', resource: places.lake },
      { action: 's3:ListBucket', resource: places.lake },
      { action: 's3:ListBucket', resource: places.lake, context: { 's3:prefix': subjectsPrefix } },
      ...['s3:GetObject', 's3:PutObject'].map((action) => ({ action, resource: folder })),
    ];
  }
  const people = sql.includes(subjectsTable.name) ? subjectNeeds(places) : [];
  const defines = /^create/i.test(sql);
  const mentioned = tables.filter((table) => new RegExp(`\\b${table}\\b`).test(sql));
  const ofTables = mentioned.flatMap((table) => {
    const files = `${places.lake}/tables/${table}/data/x.parquet`;
    const written = table === target;
    const catalogue = [
      'glue:GetDatabase',
      'glue:GetTable',
      ...(written ? ['glue:UpdateTable'] : []),
      ...(defines ? ['glue:CreateTable'] : []),
    ];
    const objects = written
      ? ['GetObject', 'PutObject', 'DeleteObject', 'AbortMultipartUpload', 'ListMultipartUploadParts']
      : ['GetObject'];
    return [
      ...catalogue.flatMap((action) => glueArns(table, places).map((resource) => ({ action, resource }))),
      ...objects.map((action) => ({ action: `s3:${action}`, resource: files })),
      { action: 's3:GetBucketLocation', resource: places.lake },
      { action: 's3:ListBucket', resource: places.lake, context: { 's3:prefix': `tables/${table}/metadata/` } },
      { action: 'kms:Decrypt', resource: places.key },
      ...(written ? [{ action: 'kms:GenerateDataKey', resource: places.key }] : []),
    ];
  });
  return [...ofTables, ...people];
}

function resultNeeds(places: Places): Wanted[] {
  return [
    { action: 's3:GetBucketLocation', resource: places.results },
    ...['PutObject', 'AbortMultipartUpload', 'ListMultipartUploadParts'].map((use) => ({
      action: `s3:${use}`,
      resource: `${places.results}/${places.workGroup}/x.csv`,
    })),
    { action: 'kms:GenerateDataKey', resource: places.key },
  ];
}

/** What the roles of people are there for: an analyst queries gold; compliance does too, and looks into what erasures left. */
export function peopleNeeds({ lakehouse }: SynthesizedApp, places: Places): Need[] {
  const gold = tables.filter((table) => table.startsWith('gold_'));
  const query = (workGroup: string): Wanted[] => {
    const own = { ...places, workGroup };
    const call = (operation: string, input: unknown = {}): Call => ({
      handler: '',
      service: 'athena',
      operation,
      input,
    });
    return [
      ...gold.flatMap((table) =>
        needsOf(call('StartQueryExecution', { QueryString: `select * from "${table}"` }), own),
      ),
      ...['GetQueryExecution', 'GetQueryResults', 'StopQueryExecution'].flatMap((one) => needsOf(call(one), own)),
    ];
  };
  const looking: Wanted[] = [
    { action: 's3:GetObject', resource: `${places.evidence}/batch.json` },
    { action: 's3:GetObjectRetention', resource: `${places.evidence}/batch.json` },
    { action: 's3:ListBucket', resource: places.evidence },
    { action: 'events:PutEvents', resource: places.bus },
    { action: 'dynamodb:ListTables', resource: '*' },
    { action: 'dynamodb:GetItem', resource: places.requests },
    { action: 'dynamodb:BatchGetItem', resource: places.requests },
    { action: 'dynamodb:Query', resource: places.requests },
    // DynamoDB lets nobody at a table who could not use its key.
    { action: 'kms:DescribeKey', resource: places.key },
    { action: 'kms:GenerateMac', resource: places.pseudonym },
    { action: 'kms:GetPublicKey', resource: places.signing },
    { action: 'kms:Verify', resource: places.signing },
  ];
  // What Superset's columns and SQL Lab ask for, and what Glue is asked beneath it.
  const catalogue = `arn:aws:athena:${places.account}:datacatalog/AwsDataCatalog`;
  const browsing: Wanted[] = [
    ...['ListDatabases', 'ListTableMetadata', 'GetTableMetadata'].map((use) => ({
      action: `athena:${use}`,
      resource: catalogue,
    })),
    ...gold.flatMap((table) =>
      glueArns(table, places).flatMap((resource) =>
        ['glue:GetDatabases', 'glue:GetTables'].map((action) => ({ action, resource })),
      ),
    ),
  ];
  const roleOf = (start: string) => ofType(lakehouse, 'AWS::IAM::Role').find(([id]) => id.startsWith(start))?.[0] ?? '';
  return [
    ...[...query('lethe-analysts'), ...browsing].map((need) => ({ ...need, role: roleOf('RolesAnalyst') })),
    ...[...query('lethe-compliance'), ...looking].map((need) => ({ ...need, role: roleOf('RolesCompliance') })),
  ];
}

/** Glue asks for the right on the catalogue and the database as well as on the table. */
export function glueArns(table: string, { account, database }: Places): string[] {
  return ['catalog', `database/${database}`, `table/${database}/${table}`].map(
    (name) => `arn:aws:glue:${account}:${name}`,
  );
}

function workGroupArn({ account, workGroup }: Places): string {
  return `arn:aws:athena:${account}:workgroup/${workGroup}`;
}
