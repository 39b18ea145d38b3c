import { DynamoVault } from '../../../lambdas/dsr/dynamo-vault.ts';
import { vaultBehaviour } from '../../dsr/vault-behaviour.ts';
import { dynamoDouble } from '../lake/dynamo-double.ts';
import { kmsDouble } from './aws-doubles.ts';

vaultBehaviour(
  async () =>
    new DynamoVault({ dynamo: dynamoDouble(), kms: kmsDouble(() => undefined), table: 'vault', keyId: 'key' }),
);
