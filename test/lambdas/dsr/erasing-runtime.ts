import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { Erasures, TableProver } from '../../../core/dsr/erasures.ts';
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
  const files = batchFilesOf(settings, { s3, glue: glueDouble(asked('glue')) });
  return withPorts(withRequests(plain, erasures, dynamo), {
    ...vaultOf(erasures, { dynamo, kms: kmsDouble(asked('kms')) }),
    ...files,
    bus: new EventBridgeBus({ client: eventBridgeDouble(asked('eventbridge')), busName: erasures.busName }),
    deadLetters: new SqsDeadLetters({ client: sqsDouble(asked('sqs')), queueUrl: erasures.deadLettersUrl }),
    prover: provesAnything(files),
  });
}

/** Looks for the people in tables of one part each, and finds nothing. */
function provesAnything({ subjects }: Pick<Erasures, 'subjects'>): TableProver {
  const nothing = { checks: {}, late: 0, noneCondemned: false };
  return {
    look: async ({ id }) => {
      await subjects.read(id);
      return { version: { snapshot: '1', snapshots: 1 }, parts: [{ from: 0, to: 1 }], found: nothing };
    },
    readPart: async ({ id }) => {
      await subjects.read(id);
      return nothing;
    },
    condemnedFiles: async () => ({ files: 0, bytes: 0 }),
  };
}
