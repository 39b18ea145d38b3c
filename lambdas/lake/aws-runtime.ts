import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { Runtime } from '../../core/lake/runtime.ts';
import type { TaskSettings } from '../../core/lake/task-settings.ts';
import type { Measure } from '../../core/monitoring/metrics.ts';
import { pipelines } from '../../core/pipelines.ts';
import { DynamoRunLedger } from './dynamo-run-ledger.ts';

export interface AwsRuntimeProps {
  readonly settings: TaskSettings;
  readonly dynamo: DynamoDBClient;
  readonly metric: Measure;
  readonly now: () => Date;
  readonly sleep: (millis: number) => Promise<void>;
}

/**
 * Adds to a runtime what only some tasks need, with a client of its own: a bundle holds no client that its task never
 * calls. A module of this shape is named where the task's handler is made.
 */
export interface Extension {
  extend(runtime: Runtime, settings: TaskSettings): Runtime;
}

const without = () => Promise.reject(new Error('This task was made without an engine'));

/** What every task needs, as AWS has it: the ledger in DynamoDB. All else is added by an {@link Extension}. */
export function awsRuntime({ settings, dynamo, metric, now, sleep }: AwsRuntimeProps): Runtime {
  return {
    pipelines,
    settings: settings.settings,
    engine: { start: without, status: without, rows: without, allRows: without, rowsChanged: without },
    ledger: new DynamoRunLedger({ client: dynamo, table: settings.ledgerTable, now }),
    statement: (name) => {
      throw new Error(`This task carries no statements, and so not ${name}`);
    },
    watermark: without,
    metric,
    now,
    sleep,
    // Athena takes a quarter of a second for the shortest of statements.
    firstPollMillis: 250,
  };
}
