import { randomUUID } from 'node:crypto';
import { DynamoDBClient, ScanCommand } from '@aws-sdk/client-dynamodb';
import { CreateKeyCommand, type KeySpec, type KeyUsageType, KMSClient } from '@aws-sdk/client-kms';
import { CreateBucketCommand, GetObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { DynamoVault } from '../../lambdas/dsr/dynamo-vault.ts';
import { KmsKeys } from '../../lambdas/dsr/kms-keys.ts';
import { S3Evidence } from '../../lambdas/dsr/s3-evidence.ts';
import { makeTable } from './dynamo-table.ts';
import { evidenceBehaviour } from './evidence-behaviour.ts';
import { keysBehaviour } from './keys-behaviour.ts';
import { vaultBehaviour } from './vault-behaviour.ts';

/** Needs KMS, DynamoDB and S3, or an emulator of them at AWS_ENDPOINT_URL. */
const kms = new KMSClient({});
const dynamo = new DynamoDBClient({});
const s3 = new S3Client({ forcePathStyle: true });
afterAll(() => {
  for (const client of [kms, dynamo, s3]) client.destroy();
});

async function makeKey(KeySpec: KeySpec, KeyUsage: KeyUsageType): Promise<string> {
  const { KeyMetadata } = await kms.send(new CreateKeyCommand({ KeySpec, KeyUsage }));
  if (KeyMetadata?.KeyId === undefined) throw new Error('KMS made no key');
  return KeyMetadata.KeyId;
}

describe('the vault in DynamoDB, under a key of KMS', () => {
  let table: Awaited<ReturnType<typeof makeTable>>;
  let keyId: string;
  beforeAll(async () => {
    table = await makeTable(dynamo);
    keyId = await makeKey('SYMMETRIC_DEFAULT', 'ENCRYPT_DECRYPT');
  });
  afterAll(() => table.drop());

  vaultBehaviour(async () => new DynamoVault({ dynamo, kms, table: table.table, keyId }));

  test('holds no identity that a reader of its items could see, and is read by its own key alone', async () => {
    const vault = new DynamoVault({ dynamo, kms, table: table.table, keyId });
    await vault.put('request', ['person-4711']);
    const { Items = [] } = await dynamo.send(new ScanCommand({ TableName: table.table }));
    const bytes = Items.flatMap((item) => Object.values(item)).map(({ S, B }) => Buffer.from(S ?? B ?? ''));
    expect(bytes.length).toBeGreaterThan(0);
    expect(bytes.filter((value) => value.includes('4711'))).toEqual([]);
    const other = await makeKey('SYMMETRIC_DEFAULT', 'ENCRYPT_DECRYPT');
    const stranger = new DynamoVault({ dynamo, kms, table: table.table, keyId: other });
    await expect(stranger.get(['request'])).rejects.toThrow();
  });
});

describe('the keys of KMS', () => {
  const keys = async () =>
    new KmsKeys({
      kms,
      pseudonymKeyId: await makeKey('HMAC_256', 'GENERATE_VERIFY_MAC'),
      signingKeyId: await makeKey('ECC_NIST_P256', 'SIGN_VERIFY'),
    });
  keysBehaviour(async () => ({ keys: await keys(), others: await keys() }));
});

describe('the evidence on S3', () => {
  evidenceBehaviour(async () => {
    const bucket = `evidence-${randomUUID()}`;
    await s3.send(new CreateBucketCommand({ Bucket: bucket, ObjectLockEnabledForBucket: true }));
    return {
      store: new S3Evidence({ s3, bucket }),
      read: async (name) => {
        const { Body } = await s3.send(new GetObjectCommand({ Bucket: bucket, Key: name }));
        return (await Body?.transformToString()) ?? '';
      },
    };
  });
});
