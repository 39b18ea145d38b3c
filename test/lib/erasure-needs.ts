import { z } from 'zod';
import { condemnedPrefix } from '../../core/dsr/erasures.ts';
import { subjectsPrefix, subjectsTable } from '../../core/dsr/subjects-table.ts';
import { pipelines } from '../../core/pipelines.ts';
import type { Call } from '../lambdas/lake/scripted-lake.ts';
import { glueArns, type Places, type Wanted } from './needs.ts';

const ofTable = z.looseObject({ TableName: z.string() });
const dynamoInput = z.looseObject({
  TableName: z.string().optional(),
  IndexName: z.string().optional(),
  RequestItems: z.record(z.string(), z.unknown()).default({}),
  TransactItems: z.array(z.object({ Put: ofTable.optional(), Delete: ofTable.optional() })).default([]),
});

/** A transaction needs the right to each of its writes; DynamoDB uses the table's key with its caller's rights. */
export function dynamoNeeds(operation: string, input: unknown, places: Places): Wanted[] {
  const { TableName, IndexName, RequestItems, TransactItems } = dynamoInput.parse(input);
  const writes = TransactItems.map(({ Put }) => (Put === undefined ? 'DeleteItem' : 'PutItem'));
  const actions = operation === 'TransactWriteItems' ? [...new Set(writes)] : [operation];
  const [first] = TransactItems.map(({ Put, Delete }) => (Put ?? Delete)?.TableName);
  const table = TableName ?? first ?? Object.keys(RequestItems)[0];
  const tables = new Map([
    ['runs', places.ledger],
    ['requests', places.requests],
    ['vault', places.vault],
  ]);
  const arn = tables.get(table ?? '');
  if (arn === undefined) throw new Error(`nothing is known of a table ${table}`);
  // The right on a table is none on its indexes.
  const resource = IndexName === undefined ? arn : `${arn}/index/${IndexName}`;
  const reads = ['Query', 'GetItem', 'BatchGetItem'].includes(operation);
  const uses = ['Decrypt', 'DescribeKey', ...(reads ? [] : ['Encrypt', 'GenerateDataKey'])];
  const key = table === 'vault' ? places.vaultKey : places.key;
  return [
    ...actions.map((action) => ({ action: `dynamodb:${action}`, resource })),
    ...uses.map((use) => ({ action: `kms:${use}`, resource: key })),
  ];
}

const keyed = z.looseObject({ KeyId: z.string() });
const objectInput = z.looseObject({
  Bucket: z.string(),
  Key: z.string().optional(),
  Prefix: z.string().optional(),
  Delete: z.object({ Objects: z.array(z.object({ Key: z.string() })) }).optional(),
});

/** What the calls of an erasure need beside the ledger and the engine. */
export function erasureNeeds({ service, operation, input }: Omit<Call, 'handler'>, places: Places): Wanted[] {
  switch (service) {
    case 'kms': {
      const { KeyId } = keyed.parse(input);
      const resource = {
        'vault-key': places.vaultKey,
        'pseudonym-key': places.pseudonym,
        'signing-key': places.signing,
      }[KeyId];
      return [{ action: `kms:${operation}`, resource: resource ?? KeyId }];
    }
    case 's3':
      return objectNeeds(operation, input, places);
    case 'glue':
      return glueArns(subjectsTable.name, places).map((resource) => ({ action: `glue:${operation}`, resource }));
    case 'sqs':
      return [
        { action: 'sqs:SendMessage', resource: places.deadLetters },
        ...['GenerateDataKey', 'Decrypt'].map((use) => ({ action: `kms:${use}`, resource: places.vaultKey })),
      ];
    case 'eventbridge':
      return [{ action: 'events:PutEvents', resource: places.bus }];
    default:
      throw new Error(`nothing is known of ${service}`);
  }
}

function objectNeeds(operation: string, input: unknown, places: Places): Wanted[] {
  const { Bucket, Key, Prefix, Delete } = objectInput.parse(input);
  const bucket = Bucket === 'lake' ? places.lake : places.evidence;
  const use = (action: string) => ({ action: `kms:${action}`, resource: places.key });
  switch (operation) {
    case 'PutObject':
      return [{ action: 's3:PutObject', resource: `${bucket}/${Key}` }, use('GenerateDataKey')];
    case 'GetObject':
      return [{ action: 's3:GetObject', resource: `${bucket}/${Key}` }, use('Decrypt')];
    case 'ListObjectsV2':
      return [{ action: 's3:ListBucket', resource: bucket, context: { 's3:prefix': Prefix ?? '' } }];
    default: {
      const keys = Delete === undefined ? [Key] : Delete.Objects.map((one) => one.Key);
      return keys.map((key) => ({ action: 's3:DeleteObject', resource: `${bucket}/${key}` }));
    }
  }
}

/** What Athena does with the people of open batches, beneath a statement that joins them. */
export function subjectNeeds(places: Places): Wanted[] {
  const catalogue = ['GetTable', 'GetPartitions', 'BatchGetPartition'];
  return [
    ...catalogue.flatMap((action) =>
      glueArns(subjectsTable.name, places).map((resource) => ({ action: `glue:${action}`, resource })),
    ),
    { action: 's3:GetObject', resource: `${places.lake}/${subjectsPrefix}batch=b/subjects.json` },
    { action: 's3:ListBucket', resource: places.lake, context: { 's3:prefix': `${subjectsPrefix}batch=b/` } },
    { action: 'kms:Decrypt', resource: places.key },
  ];
}

/** What the proof reads of tables: every one's entry, files and listing. */
export function proofNeeds(places: Places): Wanted[] {
  const tables = pipelines.flatMap((pipeline) => pipeline.tables.map(({ name }) => name));
  return [
    ...tables.flatMap((table) => [
      ...glueArns(table, places).map((resource) => ({ action: 'glue:GetTable', resource })),
      { action: 's3:GetObject', resource: `${places.lake}/tables/${table}/metadata/x.avro` },
      { action: 's3:ListBucketVersions', resource: places.lake, context: { 's3:prefix': `tables/${table}/` } },
    ]),
    { action: 'kms:Decrypt', resource: places.key },
  ];
}

/** What it reads of a batch: which files were condemned. */
export function condemnedNeeds(places: Places): Wanted[] {
  const list = `${condemnedPrefix}b/`;
  return [
    { action: 's3:GetObject', resource: `${places.lake}/${list}t.json` },
    { action: 's3:ListBucket', resource: places.lake, context: { 's3:prefix': `${list}t.json` } },
  ];
}
