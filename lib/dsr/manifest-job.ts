import { join } from 'node:path';
import { Arn, ArnFormat, Duration, Stack } from 'aws-cdk-lib';
import { CfnJob } from 'aws-cdk-lib/aws-glue';
import { Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Asset } from 'aws-cdk-lib/aws-s3-assets';
import { Construct } from 'constructs';
import type { Table } from '../../core/catalogue/table.ts';
import { allow, type LakeAccess } from '../lake/lake-access.ts';

export interface ManifestJobProps {
  readonly access: LakeAccess;
  readonly database: string;
  /** Tables whose manifests it may write. */
  readonly tables: readonly Table[];
  /** Where tables lie, such as `s3://bucket/tables/`. */
  readonly location: string;
}

/**
 * A small Spark job that writes one table's manifests anew. Athena has no statement for that; an erasure starts it where its
 * proof finds nothing but entries of files that are gone.
 */
export class ManifestJob extends Construct {
  /** The name that a workflow starts it by. */
  readonly jobName: string;

  constructor(scope: Construct, id: string, { access, database, tables, location }: ManifestJobProps) {
    super(scope, id);
    const script = new Asset(this, 'Script', { path: join(import.meta.dirname, 'rewrite-manifests.py') });
    const role = new Role(this, 'Role', {
      assumedBy: new ServicePrincipal('glue.amazonaws.com'),
      description: 'Writes the manifests of tables that people are erased from.',
    });
    access.grantWrite(role, tables);
    allow(role, ['s3:GetObject'], [script.bucket.arnForObjects(script.s3ObjectKey)]);
    const logs = Arn.format(
      { service: 'logs', resource: 'log-group', resourceName: '/aws-glue/*', arnFormat: ArnFormat.COLON_RESOURCE_NAME },
      Stack.of(this),
    );
    allow(role, ['logs:CreateLogGroup', 'logs:CreateLogStream', 'logs:PutLogEvents'], [logs]);
    const job = new CfnJob(this, 'Job', {
      role: role.roleArn,
      description: 'lib/dsr/rewrite-manifests.py',
      command: { name: 'glueetl', pythonVersion: '3', scriptLocation: script.s3ObjectUrl },
      glueVersion: '5.0',
      // The least that Glue has: all work is done by the driver.
      workerType: 'G.1X',
      numberOfWorkers: 2,
      timeout: Duration.minutes(30).toMinutes(),
      maxRetries: 0,
      // Erasures of several pipelines may want it at once.
      executionProperty: { maxConcurrentRuns: 5 },
      defaultArguments: {
        '--datalake-formats': 'iceberg',
        '--database': database,
        // Only the first setting of a job has a key of its own; the others stand in its value.
        '--conf': manifestJobSettings(location)
          .map(([name, value]) => `${name}=${value}`)
          .join(' --conf '),
      },
    });
    this.jobName = job.ref;
  }
}

/** Spark's settings: a catalogue `lake` of the account's Glue tables. */
export function manifestJobSettings(location: string): [string, string][] {
  const catalogue = 'spark.sql.catalog.lake';
  return [
    ['spark.sql.extensions', 'org.apache.iceberg.spark.extensions.IcebergSparkSessionExtensions'],
    [catalogue, 'org.apache.iceberg.spark.SparkCatalog'],
    [`${catalogue}.catalog-impl`, 'org.apache.iceberg.aws.glue.GlueCatalog'],
    [`${catalogue}.io-impl`, 'org.apache.iceberg.aws.s3.S3FileIO'],
    [`${catalogue}.warehouse`, location],
  ];
}
