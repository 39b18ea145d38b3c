import { setTimeout } from 'node:timers/promises';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { Context } from 'aws-lambda';
import { taskSettingsSchema, taskSettingsVariable } from '../../core/lake/task-settings.ts';
import { measureIn, observed, tracer } from '../monitoring/observed.ts';
import { awsRuntime, type Extension } from './aws-runtime.ts';
import type { Task } from './task.ts';

type Invoke = (task: Task, input: unknown, context: Context) => Promise<unknown>;

/** How tasks are run as invocations of their function, with what they need beyond the ledger. */
export function invokerWith(extensions: readonly Extension[]): Invoke {
  const settings = taskSettingsSchema.parse(JSON.parse(process.env[taskSettingsVariable] ?? '{}'));
  const base = awsRuntime({
    settings,
    dynamo: tracer.captureAWSv3Client(new DynamoDBClient({})),
    metric: measureIn(settings.environment),
    now: () => new Date(),
    sleep: (millis) => setTimeout(millis),
  });
  const runtime = extensions.reduce((extended, { extend }) => extend(extended, settings), base);
  return (task, input, context) => observed(context, input, () => task.run(runtime, input));
}
