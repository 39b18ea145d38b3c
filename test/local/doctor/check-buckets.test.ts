import { S3Client } from '@aws-sdk/client-s3';
import { pipelines } from '../../../core/pipelines.ts';
import { parseConfig } from '../../../lib/config.ts';
import { deploymentOf } from '../../../lib/deployment-of.ts';
import { checkLakeBucket, checkResults } from '../../../local/doctor/check-buckets.ts';
import type { Finding } from '../../../local/doctor/finding.ts';
import { answering } from '../../lambdas/lake/answering.ts';

const key = 'arn:aws:kms:eu-central-1:111122223333:key/lake';
const missing = (name: string) => () => {
  throw Object.assign(new Error('no'), { name });
};
const whole = { Status: 'Enabled', Filter: { Prefix: '' } };
const endsUploads = { ...whole, AbortIncompleteMultipartUpload: { DaysAfterInitiation: 1 } };
const encrypted = (algorithm: string, id?: string) => ({
  ServerSideEncryptionConfiguration: {
    Rules: [{ ApplyServerSideEncryptionByDefault: { SSEAlgorithm: algorithm, KMSMasterKeyID: id } }],
  },
});

/** What S3 answers about a bucket where all is well. */
const well: Record<string, unknown> = {
  GetBucketEncryption: encrypted('aws:kms', key),
  GetBucketVersioning: {},
  GetObjectLockConfiguration: missing('ObjectLockConfigurationNotFoundError'),
  GetBucketLifecycleConfiguration: { Rules: [endsUploads] },
};

/** S3, which answers so; a function stands for an error. */
function bucketThat(changes: Record<string, unknown>): S3Client {
  const answers = { ...well, ...changes };
  return answering(new S3Client({ region: 'eu-central-1' }), ({ operation }) => {
    const [, answer] = Object.entries(answers).find(([name]) => name === operation) ?? [];
    if (answer === undefined) throw new Error(`nobody expected ${operation}`);
    return typeof answer === 'function' ? answer() : answer;
  });
}

const lines = (findings: readonly Finding[]) => findings.map(({ what, state, says }) => `${state} ${what}: ${says}`);
const checked = (changes: Record<string, unknown> = {}, config: Record<string, unknown> = { keys: { lake: key } }) =>
  checkLakeBucket(deploymentOf(parseConfig({ lakeBucket: 'ours', ...config }, 'here'), pipelines), bucketThat(changes));
const rules = (...of: readonly object[]) => ({ GetBucketLifecycleConfiguration: { Rules: of } });

test('a bucket that is created is not looked at: the deployment makes it as it has to be', async () => {
  expect(await checkLakeBucket(deploymentOf(parseConfig({}, 'here'), pipelines), bucketThat({}))).toEqual([]);
});

test('a bucket that fits has no fault, under the key of the lake or under one of S3’s own', async () => {
  expect(lines(await checked())).toEqual([
    'well bucket ours: encrypts under the key of keys.lake',
    'well bucket ours: keeps no versions',
    'well bucket ours: has no Object Lock',
    'well bucket ours: ends abandoned uploads after 1 day',
    'well bucket ours: deletes and archives nothing by itself',
  ]);
  expect(lines(await checked({ GetBucketEncryption: encrypted('AES256') }))).toContain(
    'well bucket ours: encrypts under a key of S3',
  );
  const byId = await checked({ GetBucketEncryption: encrypted('aws:kms', 'lake') });
  expect(byId.filter(({ state }) => state !== 'well')).toEqual([]);
  const noRules = { GetBucketLifecycleConfiguration: missing('NoSuchLifecycleConfiguration') };
  expect(lines(await checked(noRules))).toContain('well bucket ours: deletes and archives nothing by itself');
});

test.each<[string, Record<string, unknown>, string]>([
  [
    'another key',
    { GetBucketEncryption: encrypted('aws:kms', 'arn:aws:kms:eu-central-1:111122223333:key/other') },
    'fault bucket ours: encrypts under arn:aws:kms:eu-central-1:111122223333:key/other, which is not that of keys.lake',
  ],
  [
    'the account’s key',
    { GetBucketEncryption: encrypted('aws:kms') },
    'warning bucket ours: encrypts under the account’s key aws/s3',
  ],
  ['versions', { GetBucketVersioning: { Status: 'Enabled' } }, 'fault bucket ours: keeps what is deleted as a version'],
  [
    'versions of before that stay',
    { GetBucketVersioning: { Status: 'Suspended' } },
    'fault bucket ours: had versions, and keeps those of then for ever',
  ],
  [
    'versions that stay but for some',
    {
      GetBucketVersioning: { Status: 'Suspended' },
      ...rules(endsUploads, {
        ...whole,
        NoncurrentVersionExpiration: { NoncurrentDays: 1, NewerNoncurrentVersions: 3 },
      }),
    },
    'fault bucket ours: had versions, and keeps those of then for ever',
  ],
  [
    'versions that go elsewhere in the bucket alone',
    {
      GetBucketVersioning: { Status: 'Suspended' },
      ...rules(endsUploads, {
        ...whole,
        Filter: { Prefix: 'logs/' },
        NoncurrentVersionExpiration: { NoncurrentDays: 1 },
      }),
    },
    'fault bucket ours: had versions, and keeps those of then for ever',
  ],
  [
    'versions that go where objects have a tag',
    {
      GetBucketVersioning: { Status: 'Suspended' },
      ...rules(endsUploads, {
        ...whole,
        Filter: { Tag: { Key: 'a', Value: 'b' } },
        NoncurrentVersionExpiration: { NoncurrentDays: 1 },
      }),
    },
    'fault bucket ours: had versions, and keeps those of then for ever',
  ],
  [
    'versions that go late',
    {
      GetBucketVersioning: { Status: 'Suspended' },
      ...rules(endsUploads, { ...whole, NoncurrentVersionExpiration: { NoncurrentDays: 30 } }),
    },
    'warning bucket ours: had versions, and keeps those of then for 30 days',
  ],
  [
    'Object Lock',
    { GetObjectLockConfiguration: { ObjectLockConfiguration: { ObjectLockEnabled: 'Enabled' } } },
    'fault bucket ours: has Object Lock',
  ],
  [
    'uploads that nobody ends',
    { GetBucketLifecycleConfiguration: missing('NoSuchLifecycleConfiguration') },
    'fault bucket ours: keeps abandoned uploads for ever',
  ],
  [
    'uploads that are ended elsewhere alone',
    rules({ ...endsUploads, Filter: { Prefix: 'tables/bronze' } }),
    'fault bucket ours: keeps abandoned uploads for ever',
  ],
  [
    'uploads that are ended below the tables alone, where people of open batches lie elsewhere',
    rules({ ...endsUploads, Filter: { Prefix: 'tables/' } }),
    'fault bucket ours: keeps abandoned uploads for ever',
  ],
  [
    'a rule that is switched off',
    rules({ ...endsUploads, Status: 'Disabled' }),
    'fault bucket ours: keeps abandoned uploads for ever',
  ],
  [
    'uploads that are ended late',
    rules({ ...endsUploads, AbortIncompleteMultipartUpload: { DaysAfterInitiation: 30 } }),
    'fault bucket ours: keeps abandoned uploads for 30 days',
  ],
  [
    'a rule that deletes files of tables',
    rules(endsUploads, { ...whole, ID: 'clean-up', Filter: { Prefix: 'tab' }, Expiration: { Days: 90 } }),
    'fault bucket ours: deletes live files of tables by its rule clean-up',
  ],
  [
    'a rule that archives some files of tables',
    rules(endsUploads, {
      Status: 'Enabled',
      ID: 'cold',
      Filter: { And: { Prefix: 'tables/gold', Tags: [{ Key: 'a', Value: 'b' }] } },
      Transitions: [{ Days: 30, StorageClass: 'GLACIER' }],
    }),
    'fault bucket ours: archives live files of tables by its rule cold',
  ],
  [
    'missing permissions',
    { GetBucketVersioning: missing('AccessDenied') },
    'fault bucket ours: cannot be looked at (AccessDenied)',
  ],
])('%s is found, with what to do', async (_, changes, expected) => {
  const found = await checked(changes);
  expect(lines(found)).toContain(expected);
  for (const { state, remedy } of found) if (state !== 'well') expect(remedy).toMatch(/^[A-Z].*\.$/);
});

test('a key that the configuration leaves to the stack may be the one that it has made', async () => {
  const expected = `warning bucket ours: encrypts under ${key}, which the configuration does not name`;
  expect(lines(await checked({}, {}))).toContain(expected);
});

test('rules for other folders, and for classes that can be read at once, are nobody’s matter', async () => {
  const found = await checked(
    rules(
      endsUploads,
      { ...whole, Filter: { Prefix: 'logs/' }, Expiration: { Days: 1 } },
      { ...whole, Transitions: [{ Days: 30, StorageClass: 'STANDARD_IA' }] },
      { ...whole, Expiration: { ExpiredObjectDeleteMarker: true } },
    ),
  );
  expect(found.filter(({ state }) => state !== 'well')).toEqual([]);
});

test('answers of queries have to go after a day', async () => {
  const day = { ...whole, Expiration: { Days: 1 } };
  const results = (...of: readonly object[]) =>
    checkResults('workgroup ours', 's3://results/ours/', bucketThat(rules(...of)));
  expect(lines(await results(day))).toEqual(['well workgroup ours: keeps its answers for 1 day']);
  for (const late of [
    { ...day, Expiration: { Days: 30 } },
    { ...day, Filter: { Prefix: 'theirs/' } },
  ]) {
    expect(lines(await results(late))).toEqual(['fault workgroup ours: keeps its answers for longer than a day']);
  }
  expect(lines(await checkResults('workgroup ours', undefined, bucketThat({})))).toEqual([
    'fault workgroup ours: does not say where its answers go',
  ]);
});
