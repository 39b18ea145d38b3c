import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { Runtime } from '../../../core/lake/runtime.ts';
import type { TaskSettings } from '../../../core/lake/task-settings.ts';
import { EventBridgeBus } from '../../../lambdas/dsr/event-bridge-bus.ts';
import { SqsDeadLetters } from '../../../lambdas/dsr/sqs-dead-letters.ts';
import { batchFilesOf } from '../../../lambdas/dsr/with-batch-files.ts';
import { withPorts, withRequests } from '../../../lambdas/dsr/with-requests.ts';
import { vaultOf } from '../../../lambdas/dsr/with-vault.ts';
import { eventBridgeDouble, glueDouble, kmsDouble, type OnAsked, s3Double, sqsDouble } from './aws-doubles.ts';

export const erasureSettings: TaskSettings['erasures'] = {
  requestsTable: 'requests',
  vaultTable: 'vault',
  vaultKeyArn: 'vault-key',
  pseudonymKeyArn: 'pseudonym-key',
  signingKeyArn: 'signing-key',
  lakeBucket: 'lake',
  evidenceBucket: 'evidence',
  busName: 'lethe-erasures',
  deadLettersUrl: 'https://sqs.eu-central-1.amazonaws.com/111122223333/dead-letters',
};

/** A runtime with everything that erasures have on AWS, where doubles answer; only the proof is taken as given, since it needs real tables. */
export function erasingRuntime(
  plain: Runtime,
  settings: TaskSettings,
  dynamo: DynamoDBClient,
  asked: (service: 'kms' | 's3' | 'glue' | 'sqs' | 'eventbridge') => OnAsked,
): Runtime {
  const { erasures } = settings;
  const s3 = s3Double(asked('s3'));
  return withPorts(withRequests(plain, erasures, dynamo), {
    ...vaultOf(erasures, { dynamo, kms: kmsDouble(asked('kms')) }),
    ...batchFilesOf(settings, { s3, glue: glueDouble(asked('glue')) }),
    bus: new EventBridgeBus({ client: eventBridgeDouble(asked('eventbridge')), busName: erasures.busName }),
    deadLetters: new SqsDeadLetters({ client: sqsDouble(asked('sqs')), queueUrl: erasures.deadLettersUrl }),
    prover: { prove: async () => [{ check: 'taken as given', passed: true, detail: 'none' }] },
  });
}
