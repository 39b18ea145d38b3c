import {
  GetBucketEncryptionCommand,
  GetBucketVersioningCommand,
  GetObjectLockConfigurationCommand,
  type LifecycleRule,
  type S3Client,
} from '@aws-sdk/client-s3';
import type { Deployment, LakeBucket } from '../../core/lake/deployment.ts';
import { type Finding, fault, looked, warning, well } from './finding.ts';
import { daysUntil, lifecycleRules, touches } from './lifecycle-rules.ts';

const tables = 'tables/';
/** What erasures keep beside the tables: people of open batches, and which files have to go. */
const erasures = 'erasures/';
/** An erasure is open for as long as Kafka keeps records, seven days at least: what an upload had left is gone by then, too. */
const mostUploadDays = 7;
/** Classes whose objects have to be restored before anybody can read them. */
const archives = new Set(['GLACIER', 'DEEP_ARCHIVE']);

/** Looks at a bucket for the tables that was there before: that bytes can be read, and go when they are deleted. */
export async function checkLakeBucket({ lakeBucket }: Deployment, s3: S3Client): Promise<Finding[]> {
  if (lakeBucket === undefined) return [];
  const { name } = lakeBucket;
  const what = `bucket ${name}`;
  const rules = () => lifecycleRules(s3, name);
  const checks = [
    () => encryptionOf(what, lakeBucket, s3),
    async () => versionsOf(what, await rules(), await statusOfVersions(name, s3)),
    () => lockOf(what, name, s3),
    async () => uploadsOf(what, await rules()),
    async () => lossesOf(what, await rules()),
  ];
  const findings: Finding[] = [];
  for (const check of checks) {
    findings.push(
      ...(await looked(what, async () => [await check()], {
        NoSuchBucket: 'Correct lakeBucket in the configuration, or make the bucket.',
      })),
    );
  }
  return findings;
}

async function encryptionOf(what: string, { name, keyArn }: LakeBucket, s3: S3Client): Promise<Finding> {
  const { ServerSideEncryptionConfiguration } = await s3.send(new GetBucketEncryptionCommand({ Bucket: name }));
  const [rule] = ServerSideEncryptionConfiguration?.Rules ?? [];
  const { SSEAlgorithm = 'AES256', KMSMasterKeyID } = rule?.ApplyServerSideEncryptionByDefault ?? {};
  if (SSEAlgorithm === 'AES256') return well(what, 'encrypts under a key of S3');
  if (keyArn !== undefined && (KMSMasterKeyID === keyArn || keyArn.endsWith(`:key/${KMSMasterKeyID}`))) {
    return well(what, 'encrypts under the key of keys.lake');
  }
  if (KMSMasterKeyID === undefined) {
    // Its policy lets whoever may use S3 in the account use it, so that reads and writes pass.
    const remedy =
      'Make the key of keys.lake the bucket’s default, or SSE-S3: with this one nobody’s right to a key is asked for.';
    return warning(what, 'encrypts under the account’s key aws/s3', remedy);
  }
  const under = `encrypts under ${KMSMasterKeyID}`;
  if (keyArn === undefined) {
    const remedy =
      'Name the key in keys.lake, unless it is the one that the storage stack has made: no role may use another.';
    return warning(what, `${under}, which the configuration does not name`, remedy);
  }
  const remedy =
    'Make the key of keys.lake the bucket’s default, as a full ARN, or SSE-S3: no role may use another key.';
  return fault(what, `${under}, which is not that of keys.lake`, remedy);
}

async function statusOfVersions(name: string, s3: S3Client): Promise<string | undefined> {
  const { Status } = await s3.send(new GetBucketVersioningCommand({ Bucket: name }));
  return Status;
}

function versionsOf(what: string, rules: readonly LifecycleRule[], status: string | undefined): Finding {
  if (status === undefined) return well(what, 'keeps no versions');
  if (status === 'Enabled') {
    const remedy =
      'Suspend versioning and let a rule expire noncurrent versions after a day: an erasure is proven when no version is left.';
    return fault(what, 'keeps what is deleted as a version', remedy);
  }
  const days = daysUntil(rules, [tables, erasures], ({ NoncurrentVersionExpiration }) =>
    NoncurrentVersionExpiration?.NewerNoncurrentVersions === undefined
      ? NoncurrentVersionExpiration?.NoncurrentDays
      : undefined,
  );
  const remedy = 'Give the whole bucket a rule that expires noncurrent versions after a day.';
  if (days === undefined) return fault(what, 'had versions, and keeps those of then for ever', remedy);
  if (days > 1) return warning(what, `had versions, and keeps those of then for ${days} days`, remedy);
  return well(what, 'had versions, and keeps those of then for a day');
}

async function lockOf(what: string, name: string, s3: S3Client): Promise<Finding> {
  const command = new GetObjectLockConfigurationCommand({ Bucket: name });
  const answer = await s3.send(command).catch((error: unknown) => {
    if (error instanceof Error && error.name === 'ObjectLockConfigurationNotFoundError') return undefined;
    throw error;
  });
  if (answer?.ObjectLockConfiguration?.ObjectLockEnabled !== 'Enabled') return well(what, 'has no Object Lock');
  const remedy = 'Give the lake another bucket: Object Lock keeps versions, and cannot be switched off.';
  return fault(what, 'has Object Lock', remedy);
}

function uploadsOf(what: string, rules: readonly LifecycleRule[]): Finding {
  const days = daysUntil(
    rules,
    [tables, erasures],
    ({ AbortIncompleteMultipartUpload }) => AbortIncompleteMultipartUpload?.DaysAfterInitiation,
  );
  const remedy = 'Give the whole bucket a rule that ends incomplete multipart uploads after a day: they hold records.';
  if (days === undefined) return fault(what, 'keeps abandoned uploads for ever', remedy);
  if (days > mostUploadDays) return fault(what, `keeps abandoned uploads for ${days} days`, remedy);
  return well(what, `ends abandoned uploads after ${days === 1 ? '1 day' : `${days} days`}`);
}

function lossesOf(what: string, rules: readonly LifecycleRule[]): Finding {
  const below = rules.filter((rule) => touches(rule, tables));
  const deletes = below.find(({ Expiration }) => Expiration?.Days !== undefined || Expiration?.Date !== undefined);
  const archive = below.find(({ Transitions = [] }) => Transitions.some((to) => archives.has(to.StorageClass ?? '')));
  const remedy = `Take ${tables} out of the rule: a table needs each of its files, however old.`;
  if (deletes !== undefined) return fault(what, `deletes live files of tables by its rule ${deletes.ID}`, remedy);
  if (archive !== undefined) return fault(what, `archives live files of tables by its rule ${archive.ID}`, remedy);
  return well(what, 'deletes and archives nothing by itself');
}

/** Looks at how long what queries have answered is kept, which may name people. @param location `s3://…/` of a workgroup's results. */
export function checkResults(what: string, location: string | undefined, s3: S3Client): Promise<Finding[]> {
  return looked(what, async () => {
    const remedy = 'Deploy the environment: npx cdk deploy --all -c env=NAME. Somebody has changed it.';
    const [, bucket, folder = ''] = /^s3:\/\/([^/]+)\/(.*)$/.exec(location ?? '') ?? [];
    if (bucket === undefined) return [fault(what, 'does not say where its answers go', remedy)];
    const days = daysUntil(await lifecycleRules(s3, bucket), [folder], ({ Expiration }) => Expiration?.Days);
    return days === 1
      ? [well(what, 'keeps its answers for 1 day')]
      : [fault(what, 'keeps its answers for longer than a day', remedy)];
  });
}
