import { Arn, Stack } from 'aws-cdk-lib';
import { type IGrantable, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { Construct } from 'constructs';
import { condemnedPrefix } from '../../core/dsr/erasures.ts';
import { subjectsPrefix, subjectsTable } from '../../core/dsr/subjects-table.ts';
import type { Pipeline } from '../../core/lake/pipeline.ts';
import { allow, type LakeAccess, tablePrefix } from '../lake/lake-access.ts';
import { grantLedger } from '../lake/task-access.ts';
import type { StorageStack } from '../storage-stack.ts';
import type { DsrHandler } from './dsr-tasks.ts';
import type { ErasureBus } from './erasure-bus.ts';

/** A task that has to do with erasures, by the path of its handler below `lambdas/`. */
export type ErasureHandler =
  | DsrHandler
  | 'dsr/receive-request'
  | 'dsr/tell-statuses'
  | 'lake/plan-from-workflows'
  | 'lake/start-statement'
  | 'monitoring/report-state';

/** What a task may do beyond its work on the lake, and nothing else. */
interface Access {
  /** Actions on the table of requests. A transaction needs those of the writes in it. */
  readonly requests?: readonly string[];
  readonly runs?: readonly ('read' | 'write')[];
  /** `open`: reads who the people are. `fill`: puts them in. `empty`: destroys them. */
  readonly vault?: readonly ('open' | 'fill' | 'empty')[];
  /** `join`: SQL reads them. `read`: the task does. `write`, `destroy`: makes and removes a batch's. */
  readonly subjects?: 'join' | 'read' | 'write' | 'destroy';
  readonly condemned?: 'read' | 'write' | 'destroy';
  /** Reads what statements of the pipeline have answered. */
  readonly answers?: true;
  /** Reads the tables' own files and lists them, every version. */
  readonly tables?: 'inspect';
  readonly keys?: readonly ('pseudonym' | 'sign')[];
  readonly evidence?: 'keep';
  readonly bus?: 'send';
  readonly deadLetters?: 'send';
}

const saving = ['Query', 'PutItem'] as const;

const accessOf: Readonly<Record<ErasureHandler, Access>> = {
  'dsr/plan-batches': {
    requests: ['Query', 'BatchGetItem', 'PutItem', 'DeleteItem'],
    vault: ['open'],
    subjects: 'write',
  },
  'dsr/plan-inventory': { requests: ['Query'] },
  'dsr/join-round': { requests: saving },
  'dsr/record-inventory': { requests: saving, condemned: 'write', answers: true },
  'dsr/estimate-erasure': { requests: saving, condemned: 'read', tables: 'inspect' },
  'dsr/plan-erasure': { requests: ['Query'], runs: ['read'] },
  'dsr/seal-periods': { requests: ['Query'], runs: ['read', 'write'] },
  'dsr/verify-deletion': { requests: saving, runs: ['read'] },
  'dsr/record-rebuild': { runs: ['read', 'write'] },
  'dsr/record-erased': { requests: saving },
  // None of those that prove could have removed what they look for: nothing here writes to the lake, or deletes anything anywhere.
  'dsr/plan-proof': { requests: ['Query'] },
  'dsr/look-at-table': { requests: ['Query'], condemned: 'read', subjects: 'read', tables: 'inspect' },
  'dsr/read-part': { requests: ['Query'], subjects: 'read', tables: 'inspect' },
  'dsr/record-look': { requests: saving },
  'dsr/prove-erasure': { requests: saving },
  'dsr/close-batch': {
    requests: ['Query', 'BatchGetItem', 'PutItem', 'DeleteItem'],
    runs: ['read'],
    vault: ['empty'],
    subjects: 'destroy',
    condemned: 'destroy',
    keys: ['sign'],
    evidence: 'keep',
  },
  'dsr/receive-request': {
    requests: ['GetItem', 'PutItem', 'DeleteItem'],
    vault: ['fill', 'empty'],
    keys: ['pseudonym'],
    deadLetters: 'send',
  },
  'dsr/tell-statuses': { requests: ['Query', 'BatchWriteItem'], bus: 'send' },
  'lake/plan-from-workflows': { requests: ['Query'] },
  'lake/start-statement': { requests: ['Query'], subjects: 'join' },
  'monitoring/report-state': { requests: ['Query', 'BatchGetItem'] },
};

const vaultActions = {
  open: { items: ['BatchGetItem'], key: ['Decrypt'] },
  // What it finds there already it opens.
  fill: { items: ['PutItem', 'GetItem'], key: ['GenerateDataKey', 'Decrypt'] },
  empty: { items: ['BatchWriteItem'], key: [] },
} as const;

export interface ErasureAccessProps {
  readonly storage: StorageStack;
  readonly lake: LakeAccess;
  readonly bus: ErasureBus;
  readonly pipelines: readonly Pipeline[];
  readonly workGroup: string;
}

/** Grants the tasks of erasures what they need: each word of {@link accessOf} in IAM's. */
export class ErasureAccess {
  readonly #scope: Construct;
  readonly #props: ErasureAccessProps;

  constructor(scope: Construct, props: ErasureAccessProps) {
    this.#scope = scope;
    this.#props = props;
  }

  grant(task: IGrantable, handler: ErasureHandler): void {
    const { storage, lake, bus, workGroup } = this.#props;
    const { ledgers, keys, buckets } = storage;
    const access = accessOf[handler];
    this.#grantItems(task, access);
    for (const use of access.vault ?? []) {
      const { items, key } = vaultActions[use];
      allow(task, items.map(dynamo), [ledgers.vault.tableArn]);
      allow(task, [...key, 'DescribeKey', ...(use === 'open' ? [] : writesOfTable)].map(kms), [keys.vault.keyArn]);
      allow(task, [kms('Decrypt')], [keys.vault.keyArn]);
    }
    if (access.subjects !== undefined) this.#grantSubjects(task, access.subjects);
    if (access.condemned !== undefined) this.#grantCondemned(task, access.condemned);
    if (access.answers) lake.grantAnswers(task, workGroup);
    if (access.tables === 'inspect') this.#grantInspection(task);
    for (const key of access.keys ?? []) {
      if (key === 'pseudonym') allow(task, [kms('GenerateMac')], [keys.pseudonym.keyArn]);
      if (key === 'sign') allow(task, [kms('Sign'), kms('GetPublicKey')], [keys.signing.keyArn]);
    }
    if (access.evidence === 'keep') {
      allow(task, ['s3:PutObject', 's3:GetObject'], [buckets.evidence.arnForObjects('*')]);
      allow(task, [kms('GenerateDataKey'), kms('Decrypt')], [keys.lake.keyArn]);
    }
    if (access.bus === 'send') {
      allow(task, ['events:PutEvents'], [bus.arn]);
    }
    if (access.deadLetters === 'send') {
      allow(task, ['sqs:SendMessage'], [bus.deadLetters.queueArn]);
      allow(task, [kms('GenerateDataKey'), kms('Decrypt')], [keys.vault.keyArn]);
    }
  }

  #grantItems(task: IGrantable, { requests = [], runs = [] }: Access): void {
    const { ledgers, keys } = this.#props.storage;
    if (requests.length > 0) allow(task, requests.map(dynamo), [ledgers.requests.tableArn]);
    grantLedger(task, runs, ledgers.runs);
    // DynamoDB lets nobody at a table who could not use its key.
    if (requests.length + runs.length > 0) allow(task, [kms('Decrypt'), kms('DescribeKey')], [keys.lake.keyArn]);
    if (requests.some((action) => /Put|Delete|Write/.test(action)) || runs.includes('write')) {
      allow(task, writesOfTable.map(kms), [keys.lake.keyArn]);
    }
  }

  #grantSubjects(task: IGrantable, use: 'join' | 'read' | 'write' | 'destroy'): void {
    const { storage } = this.#props;
    const objects = storage.buckets.lake.arnForObjects(`${subjectsPrefix}*`);
    const catalogue = ['catalog', `database/${storage.database}`, `table/${storage.database}/${subjectsTable.name}`];
    const names = catalogue.map((name) => Arn.format({ service: 'glue', resource: name }, Stack.of(this.#scope)));
    if (use === 'write') {
      allow(task, ['s3:PutObject'], [objects]);
      allow(task, [kms('GenerateDataKey')], [storage.keys.lake.keyArn]);
      allow(task, ['glue:GetTable', 'glue:CreatePartition'], names);
    }
    // Its key is the lake's, which who reads the lake's files may use.
    if (use === 'read') allow(task, ['s3:GetObject'], [objects]);
    if (use === 'destroy') {
      allow(task, ['s3:DeleteObject'], [objects]);
      allow(task, ['glue:DeletePartition'], names);
    }
    if (use === 'join') {
      allow(task, ['glue:GetTable', 'glue:GetPartitions', 'glue:BatchGetPartition'], names);
      allow(task, ['s3:GetObject'], [objects]);
      this.#allowList(task, 's3:ListBucket', [subjectsPrefix]);
    }
  }

  #grantCondemned(task: IGrantable, use: 'read' | 'write' | 'destroy'): void {
    const { storage } = this.#props;
    const objects = storage.buckets.lake.arnForObjects(`${condemnedPrefix}*`);
    const { keyArn } = storage.keys.lake;
    // Without it S3 calls a list that is not there a forbidden one.
    this.#allowList(task, 's3:ListBucket', [condemnedPrefix]);
    if (use === 'destroy') allow(task, ['s3:DeleteObject'], [objects]);
    else {
      allow(task, ['s3:GetObject'], [objects]);
      allow(task, [kms('Decrypt')], [keyArn]);
    }
    if (use === 'write') {
      allow(task, ['s3:PutObject'], [objects]);
      allow(task, [kms('GenerateDataKey')], [keyArn]);
    }
  }

  #grantInspection(task: IGrantable): void {
    const { storage, pipelines } = this.#props;
    const tables = pipelines.flatMap((pipeline) => pipeline.tables.map(({ name }) => name));
    const names = [
      'catalog',
      `database/${storage.database}`,
      ...tables.map((name) => `table/${storage.database}/${name}`),
    ];
    allow(
      task,
      ['glue:GetTable'],
      names.map((name) => Arn.format({ service: 'glue', resource: name }, Stack.of(this.#scope))),
    );
    allow(
      task,
      ['s3:GetObject'],
      tables.map((name) => storage.buckets.lake.arnForObjects(`${tablePrefix(name)}*`)),
    );
    this.#allowList(task, 's3:ListBucketVersions', tables.map(tablePrefix));
    allow(task, [kms('Decrypt')], [storage.keys.lake.keyArn]);
  }

  #allowList(task: IGrantable, action: string, prefixes: readonly string[]): void {
    task.grantPrincipal.addToPrincipalPolicy(
      new PolicyStatement({
        actions: [action],
        resources: [this.#props.storage.buckets.lake.bucketArn],
        conditions: { StringLike: { 's3:prefix': prefixes.map((prefix) => `${prefix}*`) } },
      }),
    );
  }
}

/** What DynamoDB does with a table's key for who writes to it. */
const writesOfTable = ['Encrypt', 'GenerateDataKey'] as const;

function dynamo(action: string): string {
  return `dynamodb:${action}`;
}

function kms(action: string): string {
  return `kms:${action}`;
}
