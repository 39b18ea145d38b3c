import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { KMSClient } from '@aws-sdk/client-kms';
import type { Erasures } from '../../core/dsr/erasures.ts';
import type { Runtime } from '../../core/lake/runtime.ts';
import type { ErasureSettings, TaskSettings } from '../../core/lake/task-settings.ts';
import { tracer } from '../monitoring/observed.ts';
import { DynamoVault } from './dynamo-vault.ts';
import { KmsKeys } from './kms-keys.ts';
import { withPorts } from './with-requests.ts';

/** Who the people are, and the keys that say so. */
export function vaultOf(
  { vaultTable, vaultKeyArn, pseudonymKeyArn, signingKeyArn }: ErasureSettings,
  { dynamo, kms }: { readonly dynamo: DynamoDBClient; readonly kms: KMSClient },
): Pick<Erasures, 'vault' | 'keys'> {
  return {
    vault: new DynamoVault({ dynamo, kms, table: vaultTable, keyId: vaultKeyArn }),
    keys: new KmsKeys({ kms, pseudonymKeyId: pseudonymKeyArn, signingKeyId: signingKeyArn }),
  };
}

export function extend(runtime: Runtime, { erasures }: TaskSettings): Runtime {
  const dynamo = tracer.captureAWSv3Client(new DynamoDBClient({}));
  const kms = tracer.captureAWSv3Client(new KMSClient({}));
  return withPorts(runtime, vaultOf(erasures, { dynamo, kms }));
}
