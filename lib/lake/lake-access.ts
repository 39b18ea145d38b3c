import { Arn, Stack } from 'aws-cdk-lib';
import { type IGrantable, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { Construct } from 'constructs';
import type { Table } from '../../core/catalogue/table.ts';
import type { BucketRef } from '../storage/lake-buckets.ts';

export interface LakeAccessProps {
  readonly database: string;
  readonly lake: BucketRef;
  readonly results: BucketRef;
  readonly key: IKey;
}

/** Where the files of a table lie, below its bucket, with a slash at the end. */
export function tablePrefix(table: string): string {
  return `tables/${table}/`;
}

/** Who may do what with the lake, said in the lake's words and granted in IAM's. Athena acts with the rights of its caller. */
export class LakeAccess {
  readonly #scope: Construct;
  readonly #props: LakeAccessProps;

  constructor(scope: Construct, props: LakeAccessProps) {
    this.#scope = scope;
    this.#props = props;
  }

  /** Lets somebody run statements in a workgroup and read what they answer. */
  grantStatements(grantee: IGrantable, workGroup: string): void {
    allow(grantee, ['athena:StartQueryExecution'], [this.#workGroup(workGroup)]);
    this.grantLook(grantee, workGroup);
    allow(
      grantee,
      ['s3:PutObject', 's3:AbortMultipartUpload', 's3:ListMultipartUploadParts'],
      [this.#props.results.arnForObjects(`${workGroup}/*`)],
    );
    allow(grantee, ['s3:GetBucketLocation'], [this.#props.results.bucketArn]);
    allow(grantee, ['kms:GenerateDataKey'], [this.#props.key.keyArn]);
  }

  /** Lets somebody end statements that have been started, in a workgroup. */
  grantStop(grantee: IGrantable, workGroup: string): void {
    allow(grantee, ['athena:StopQueryExecution'], [this.#workGroup(workGroup)]);
  }

  /** Lets somebody see how statements of a workgroup stand and read what they answer. */
  grantLook(grantee: IGrantable, workGroup: string): void {
    allow(grantee, ['athena:GetQueryExecution'], [this.#workGroup(workGroup)]);
    this.grantAnswers(grantee, workGroup);
  }

  /** Lets somebody read what statements of a workgroup have answered. */
  grantAnswers(grantee: IGrantable, workGroup: string): void {
    allow(grantee, ['athena:GetQueryResults'], [this.#workGroup(workGroup)]);
    // GetQueryResults reads the result's object with its caller's rights.
    allow(grantee, ['s3:GetObject'], [this.#props.results.arnForObjects(`${workGroup}/*`)]);
    allow(grantee, ['kms:Decrypt'], [this.#props.key.keyArn]);
  }

  /** Lets somebody read tables, and no others of the same database. */
  grantRead(grantee: IGrantable, tables: readonly Table[]): void {
    const { lake, key } = this.#props;
    allow(grantee, ['glue:GetDatabase', 'glue:GetTable'], this.#catalogue(tables));
    allow(
      grantee,
      ['s3:GetObject'],
      tables.map((table) => lake.arnForObjects(`${tablePrefix(table.name)}*`)),
    );
    this.#allowList(grantee, tables);
    allow(grantee, ['kms:Decrypt'], [key.keyArn]);
  }

  /** Lets somebody look through the catalogue, as Superset does: the database and these tables, with their columns. */
  grantBrowse(grantee: IGrantable, tables: readonly Table[]): void {
    const catalogue = { service: 'athena', resource: 'datacatalog', resourceName: 'AwsDataCatalog' };
    allow(
      grantee,
      ['athena:ListDatabases', 'athena:ListTableMetadata', 'athena:GetTableMetadata'],
      [Arn.format(catalogue, Stack.of(this.#scope))],
    );
    allow(grantee, ['glue:GetDatabases', 'glue:GetTables'], this.#catalogue(tables));
  }

  /** Lets somebody read tables and change what is in them, but not what they are. */
  grantWrite(grantee: IGrantable, tables: readonly Table[]): void {
    const { lake, key } = this.#props;
    this.grantRead(grantee, tables);
    // A commit to an Iceberg table is a change of its entry in the catalogue.
    allow(grantee, ['glue:UpdateTable'], this.#catalogue(tables));
    allow(
      grantee,
      ['s3:PutObject', 's3:DeleteObject', 's3:AbortMultipartUpload', 's3:ListMultipartUploadParts'],
      tables.map((table) => lake.arnForObjects(`${tablePrefix(table.name)}*`)),
    );
    allow(grantee, ['kms:GenerateDataKey'], [key.keyArn]);
  }

  /** Lets the sink append to tables that are there; it reads their metadata and lists nothing. */
  grantAppend(grantee: IGrantable, tables: readonly Table[]): void {
    const { lake, key } = this.#props;
    allow(grantee, ['glue:GetTable', 'glue:UpdateTable'], this.#catalogue(tables));
    allow(
      grantee,
      // It deletes what a commit that failed has left.
      ['s3:GetObject', 's3:PutObject', 's3:DeleteObject', 's3:AbortMultipartUpload'],
      tables.map((table) => lake.arnForObjects(`${tablePrefix(table.name)}*`)),
    );
    allow(grantee, ['kms:Decrypt', 'kms:GenerateDataKey'], [key.keyArn]);
  }

  /** Lets somebody make tables and change what they are. */
  grantDefine(grantee: IGrantable, tables: readonly Table[]): void {
    this.grantWrite(grantee, tables);
    allow(grantee, ['glue:CreateTable'], this.#catalogue(tables));
  }

  /** Lets somebody make an external table over a folder, which Hive makes where it is missing. */
  grantDefineExternal(grantee: IGrantable, table: string, prefix: string): void {
    allow(grantee, ['glue:GetDatabase', 'glue:GetTable', 'glue:CreateTable'], this.#catalogue([{ name: table }]));
    // Hive looks for the folder by its own key, and makes it; what is in it is not the grantee's.
    allow(grantee, ['s3:GetObject', 's3:PutObject'], [this.#props.lake.arnForObjects(prefix)]);
    grantee.grantPrincipal.addToPrincipalPolicy(
      new PolicyStatement({
        actions: ['s3:ListBucket'],
        resources: [this.#props.lake.bucketArn],
        // S3 calls a key that is missing forbidden unless one may list without a prefix: the names of all objects.
        conditions: { StringLikeIfExists: { 's3:prefix': `${prefix}*` } },
      }),
    );
  }

  #allowList(grantee: IGrantable, tables: readonly Table[]): void {
    allow(grantee, ['s3:GetBucketLocation'], [this.#props.lake.bucketArn]);
    grantee.grantPrincipal.addToPrincipalPolicy(
      new PolicyStatement({
        actions: ['s3:ListBucket'],
        resources: [this.#props.lake.bucketArn],
        conditions: { StringLike: { 's3:prefix': tables.map((table) => `${tablePrefix(table.name)}*`) } },
      }),
    );
  }

  #catalogue(tables: readonly Pick<Table, 'name'>[]): string[] {
    const { database } = this.#props;
    const names = ['catalog', `database/${database}`, ...tables.map(({ name }) => `table/${database}/${name}`)];
    return names.map((name) => Arn.format({ service: 'glue', resource: name }, Stack.of(this.#scope)));
  }

  #workGroup(name: string): string {
    return Arn.format({ service: 'athena', resource: 'workgroup', resourceName: name }, Stack.of(this.#scope));
  }
}

/** Adds one statement to what somebody may do. */
export function allow(grantee: IGrantable, actions: readonly string[], resources: readonly string[]): void {
  grantee.grantPrincipal.addToPrincipalPolicy(
    new PolicyStatement({ actions: [...actions], resources: [...resources] }),
  );
}
