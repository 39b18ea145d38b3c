import { type AthenaClient, GetWorkGroupCommand } from '@aws-sdk/client-athena';
import { GetTableCommand, type GlueClient } from '@aws-sdk/client-glue';
import { GetObjectCommand, type S3Client } from '@aws-sdk/client-s3';
import { parseIcebergMetadata } from '../../core/catalogue/iceberg-metadata.ts';
import { migrationOf } from '../../core/catalogue/migration.ts';
import type { Table } from '../../core/catalogue/table.ts';
import { DestructiveChange } from '../../core/errors.ts';
import type { Deployment } from '../../core/lake/deployment.ts';
import { checkResults } from './check-buckets.ts';
import { type Finding, fault, looked, warning, well } from './finding.ts';

export interface LakeClients {
  readonly athena: AthenaClient;
  readonly glue: GlueClient;
  readonly s3: S3Client;
}

const deploy = 'Deploy the environment: npx cdk deploy --all -c env=NAME.';

/** Looks at workgroups and tables: that they are there, and as the catalogue declares them. */
export async function checkLake(deployment: Deployment, clients: LakeClients, now: Date): Promise<Finding[]> {
  const findings: Finding[] = [];
  for (const name of deployment.workGroups) findings.push(...(await checkWorkGroup(name, clients)));
  const sources = new Set(deployment.pipelines.flatMap((pipeline) => pipeline.sources.map(({ table }) => table.name)));
  for (const table of deployment.pipelines.flatMap((pipeline) => pipeline.tables)) {
    findings.push(...(await checkTable(deployment, table, sources.has(table.name), clients, now)));
  }
  return findings;
}

function checkWorkGroup(name: string, { athena, s3 }: LakeClients): Promise<Finding[]> {
  const what = `workgroup ${name}`;
  const check = async () => {
    const { WorkGroup } = await athena.send(new GetWorkGroupCommand({ WorkGroup: name }));
    if (WorkGroup?.State !== 'ENABLED') return [fault(what, 'is disabled', 'Enable it in the Athena console.')];
    const { EnforceWorkGroupConfiguration, EngineVersion, ResultConfiguration } = WorkGroup.Configuration ?? {};
    if (EnforceWorkGroupConfiguration !== true) {
      return [fault(what, 'lets each query choose where its results go', `${deploy} Somebody has changed it.`)];
    }
    return [
      well(what, `runs ${EngineVersion?.EffectiveEngineVersion ?? 'an unknown engine'}`),
      ...(await checkResults(what, ResultConfiguration?.OutputLocation, s3)),
    ];
  };
  return looked(what, check, { InvalidRequestException: deploy });
}

function checkTable(
  { database, kafka }: Deployment,
  table: Table,
  isSource: boolean,
  { glue, s3 }: LakeClients,
  now: Date,
): Promise<Finding[]> {
  const what = `table ${table.name}`;
  const check = async () => {
    const { Table: entry } = await glue.send(new GetTableCommand({ DatabaseName: database, Name: table.name }));
    const [, Bucket, Key] = /^s3:\/\/([^/]+)\/(.+)$/.exec(entry?.Parameters?.metadata_location ?? '') ?? [];
    if (Bucket === undefined) return [fault(what, 'is no Iceberg table', `Drop it, then ${deploy.toLowerCase()}`)];
    const { Body } = await s3.send(new GetObjectCommand({ Bucket, Key }));
    const found = parseIcebergMetadata((await Body?.transformToString()) ?? '');
    return [
      differenceOf(what, table, found),
      ...(isSource ? ageOf(what, entry?.UpdateTime, kafka?.commitMinutes, now) : []),
    ];
  };
  return looked(what, check, { EntityNotFoundException: deploy });
}

const leftBehind =
  'Nothing fills or reads them: deploy the version that declares them, or see docs/upgrade.md, "Roll back".';

function differenceOf(what: string, table: Table, found: ReturnType<typeof parseIcebergMetadata>): Finding {
  try {
    const { statements, properties, undeclared } = migrationOf(table, found, found.location);
    const differs = [...statements.map((sql) => sql.split(/\s*\(|\n/)[0]), ...Object.keys(properties)];
    if (differs.length > 0) return fault(what, `lags behind its declaration: ${differs.join(', ')}`, deploy);
    if (undeclared.length === 0) return well(what, 'is as declared');
    return warning(what, `has columns that are not declared: ${undeclared.join(', ')}`, leftBehind);
  } catch (error) {
    if (!(error instanceof DestructiveChange)) throw error;
    return fault(what, 'cannot follow its declaration', error.message);
  }
}

/** Records may simply not have come: an old commit is worth a look, not an alarm. */
function ageOf(what: string, last: Date | undefined, commitMinutes: number | undefined, now: Date): Finding[] {
  if (commitMinutes === undefined || last === undefined) return [];
  const minutes = Math.round((now.getTime() - last.getTime()) / 60_000);
  if (minutes <= 3 * commitMinutes) return [well(what, `was committed to ${minutes} minutes ago`)];
  const remedy = 'If records are being produced, look at the connector and its log.';
  return [warning(what, `was committed to ${minutes} minutes ago`, remedy)];
}
