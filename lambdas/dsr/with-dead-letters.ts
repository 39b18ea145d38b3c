import { SQSClient } from '@aws-sdk/client-sqs';
import type { Runtime } from '../../core/lake/runtime.ts';
import type { TaskSettings } from '../../core/lake/task-settings.ts';
import { tracer } from '../monitoring/observed.ts';
import { SqsDeadLetters } from './sqs-dead-letters.ts';
import { withPorts } from './with-requests.ts';

export function extend(runtime: Runtime, { erasures }: TaskSettings): Runtime {
  const client = tracer.captureAWSv3Client(new SQSClient({}));
  return withPorts(runtime, { deadLetters: new SqsDeadLetters({ client, queueUrl: erasures.deadLettersUrl }) });
}
