import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { AthenaClient } from '@aws-sdk/client-athena';
import { CloudWatchClient } from '@aws-sdk/client-cloudwatch';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { Context } from 'aws-lambda';
import type { Runtime } from '../../core/lake/runtime.ts';
import { taskSettingsSchema, taskSettingsVariable } from '../../core/lake/task-settings.ts';
import { observed, tracer } from '../monitoring/observed.ts';
import { awsRuntime } from './aws-runtime.ts';
import type { Task } from './task.ts';

const runtime: Runtime = awsRuntime({
  settings: taskSettingsSchema.parse(JSON.parse(process.env[taskSettingsVariable] ?? '{}')),
  athena: tracer.captureAWSv3Client(new AthenaClient({})),
  cloudWatch: tracer.captureAWSv3Client(new CloudWatchClient({})),
  dynamo: tracer.captureAWSv3Client(new DynamoDBClient({})),
  // Synthesis puts the statements beside the bundle.
  readStatement: (name) => readFileSync(join(import.meta.dirname, 'sql', `${name}.sql`), 'utf8'),
  now: () => new Date(),
  sleep: (millis) => setTimeout(millis),
});

/** Runs a task as one invocation of its function. */
export function invokeTask(task: Task, input: unknown, context: Context): Promise<unknown> {
  return observed(context, input, () => task.run(runtime, input));
}
