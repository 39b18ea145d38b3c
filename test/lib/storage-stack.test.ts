import { ofType, type Resource, synthesizedApp } from './synthesized-app.ts';

const { storage } = synthesizedApp('created-cluster');
const throwAway = synthesizedApp('dev').storage;

function bucket(name: string): Resource['Properties'] {
  const found = ofType(storage, 'AWS::S3::Bucket').find(([id]) => id.startsWith(`Buckets${name}`));
  if (found === undefined) throw new Error(`no bucket ${name}`);
  return found[1].Properties;
}

test('no bucket can be read by the public, without TLS, or without the key', () => {
  const buckets = ofType(storage, 'AWS::S3::Bucket');
  expect(buckets).toHaveLength(3);
  for (const [, { Properties }] of buckets) {
    expect(Properties).toMatchObject({
      BucketEncryption: {
        ServerSideEncryptionConfiguration: [{ ServerSideEncryptionByDefault: { SSEAlgorithm: 'aws:kms' } }],
      },
      PublicAccessBlockConfiguration: {
        BlockPublicAcls: true,
        BlockPublicPolicy: true,
        IgnorePublicAcls: true,
        RestrictPublicBuckets: true,
      },
    });
  }
  const policies = ofType(storage, 'AWS::S3::BucketPolicy').map(([, { Properties }]) => JSON.stringify(Properties));
  expect(policies).toHaveLength(3);
  for (const policy of policies) expect(policy).toContain('"aws:SecureTransport":"false"');
});

test('the lake keeps no version and expires nothing but abandoned uploads', () => {
  const lake = bucket('Lake');
  expect(lake).not.toHaveProperty('VersioningConfiguration');
  expect(lake.LifecycleConfiguration).toEqual({
    Rules: [{ Id: 'abandoned-uploads', Status: 'Enabled', AbortIncompleteMultipartUpload: { DaysAfterInitiation: 1 } }],
  });
});

test('what queries answer is gone after a day', () => {
  expect(bucket('Results').LifecycleConfiguration).toMatchObject({ Rules: [{ ExpirationInDays: 1 }] });
  expect(bucket('Results')).not.toHaveProperty('VersioningConfiguration');
});

test('evidence is locked for longer than the ledger lives in production, and for a day elsewhere', () => {
  const lockIn = (template: typeof storage) =>
    ofType(template, 'AWS::S3::Bucket').flatMap(([, { Properties }]) => Properties.ObjectLockConfiguration ?? []);
  expect(lockIn(storage)).toEqual([
    { ObjectLockEnabled: 'Enabled', Rule: { DefaultRetention: { Mode: 'COMPLIANCE', Days: 731 } } },
  ]);
  expect(lockIn(throwAway)).toEqual([
    { ObjectLockEnabled: 'Enabled', Rule: { DefaultRetention: { Mode: 'GOVERNANCE', Days: 1 } } },
  ]);
});

test('the vault has a key of its own, no backup and no stream; the ledgers are backed up', () => {
  const table = (name: string) => {
    const found = ofType(storage, 'AWS::DynamoDB::Table').find(([id]) => id.startsWith(`Ledgers${name}`));
    return found?.[1].Properties ?? {};
  };
  const vault = table('Vault');
  expect(vault).not.toHaveProperty('StreamSpecification');
  expect(vault.PointInTimeRecoverySpecification).toEqual({ PointInTimeRecoveryEnabled: false });
  expect(JSON.stringify(vault.SSESpecification)).toContain('KeysVault');
  for (const name of ['Runs', 'Requests']) {
    expect(table(name).PointInTimeRecoverySpecification).toEqual({ PointInTimeRecoveryEnabled: true });
    expect(JSON.stringify(table(name).SSESpecification)).toContain('KeysLake');
    expect(table(name).TimeToLiveSpecification).toEqual({ AttributeName: 'expires', Enabled: true });
  }
});

test('there is a key for each promise', () => {
  const keys = ofType(storage, 'AWS::KMS::Key').map(([, { Properties }]) => [
    Properties.KeySpec ?? 'SYMMETRIC_DEFAULT',
    Properties.EnableKeyRotation ?? false,
  ]);
  expect(keys).toEqual([
    ['SYMMETRIC_DEFAULT', true],
    ['SYMMETRIC_DEFAULT', true],
    ['HMAC_256', false],
    ['ECC_NIST_P256', false],
  ]);
});

test('every key may be one that is there already, and then none is made', () => {
  const arn = (name: string) => `arn:aws:kms:eu-central-1:111122223333:key/${name}`;
  const names = ['lake', 'vault', 'pseudonym', 'signing', 'alerts'];
  const keys = Object.fromEntries(names.map((name) => [name, arn(name)]));
  const own = synthesizedApp('created-cluster', { changes: { keys } });
  expect([...ofType(own.storage, 'AWS::KMS::Key'), ...ofType(own.lakehouse, 'AWS::KMS::Key')]).toEqual([]);
  const used = JSON.stringify([own.storage.Resources, own.lakehouse.Resources]);
  expect(names.filter((name) => !used.includes(arn(name)))).toEqual([]);
});

test('tags of the configuration are on everything that takes tags', () => {
  const tagged = ofType(storage, 'AWS::S3::Bucket').map(([, { Properties }]) => Properties.Tags);
  for (const tags of tagged) {
    expect(tags).toEqual(
      expect.arrayContaining([
        { Key: 'application', Value: 'lethe' },
        { Key: 'environment', Value: 'lethe' },
        { Key: 'owner', Value: 'data-platform' },
      ]),
    );
  }
});

/** Replacing any of these loses data, and a changed id replaces: this list may grow, and nothing in it may change. */
const frozen = `
  AWS::DynamoDB::Table LedgersRequests
  AWS::DynamoDB::Table LedgersRuns
  AWS::DynamoDB::Table LedgersVault
  AWS::Glue::Database Database
  AWS::KMS::Key KeysLake
  AWS::KMS::Key KeysPseudonym
  AWS::KMS::Key KeysSigning
  AWS::KMS::Key KeysVault
  AWS::MSK::Cluster KafkaProvisioned
  AWS::MSK::Topic TopicsControl
  AWS::MSK::Topic Topicsathenauserchatanalyticsv0
  AWS::MSK::Topic Topicsathenauserchatreasoningstepsanalyticsv0
  AWS::S3::Bucket BucketsEvidence
  AWS::S3::Bucket BucketsLake
  AWS::S3::Bucket BucketsResults
`;

test('stateful resources keep their ids, and stay when their stack goes', () => {
  const stateful = Object.entries(storage.Resources).filter(([, { Type }]) =>
    /S3::Bucket$|DynamoDB|Glue|KMS::Key|MSK::/.test(Type),
  );
  // With CDK's hashes, which change with the path: the snapshot holds them.
  expect(stateful.map(([id, { Type }]) => `${Type} ${id}`).sort()).toMatchSnapshot();
  const named = stateful.map(([id, { Type }]) => `${Type} ${id.replace(/[0-9A-F]{8}$/, '')}`).sort();
  expect(named).toEqual(frozen.trim().split(/\n\s*/));
  for (const [id, { DeletionPolicy }] of stateful) expect([id, DeletionPolicy]).toEqual([id, 'Retain']);
});

test('a cluster without brokers of its own stays, too', () => {
  const { storage: serverless } = synthesizedApp('created-cluster', { changes: { kafka: { kind: 'serverless' } } });
  const clusters = ofType(serverless, 'AWS::MSK::ServerlessCluster');
  expect(clusters.map(([, { DeletionPolicy }]) => DeletionPolicy)).toEqual(['Retain']);
});

test('a group that is made in a network that is there may reach the brokers of a cluster that is there', () => {
  const egress = (environment: string) => {
    const app = synthesizedApp(environment);
    const groups = [app.storage, app.lakehouse].flatMap((template) => ofType(template, 'AWS::EC2::SecurityGroup'));
    return groups.flatMap(([, { Properties }]) => Properties.SecurityGroupEgress);
  };
  const toAnyBroker = expect.objectContaining({ FromPort: 9098, CidrIp: '0.0.0.0/0' });
  expect(egress('existing-cluster')).toContainEqual(toAnyBroker);
  expect(egress('created-cluster')).not.toContainEqual(toAnyBroker);
});

test('a throw-away environment leaves nothing behind but its evidence, which is locked', () => {
  const kept = Object.entries(throwAway.Resources).filter(([, { DeletionPolicy }]) => DeletionPolicy === 'Retain');
  expect(kept.map(([id]) => id)).toEqual([expect.stringContaining('Evidence')]);
});
