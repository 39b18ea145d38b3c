import type { AthenaClient } from '@aws-sdk/client-athena';
import type { CloudWatchClient } from '@aws-sdk/client-cloudwatch';
import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { Runtime } from '../../core/lake/runtime.ts';
import type { TaskSettings } from '../../core/lake/task-settings.ts';
import { pipelines } from '../../core/pipelines.ts';
import { parseStatement } from '../../core/sql/statement.ts';
import { AthenaEngine } from './athena-engine.ts';
import { DynamoRunLedger } from './dynamo-run-ledger.ts';
import { sinkWatermark } from './sink-watermark.ts';

export interface AwsRuntimeProps {
  readonly settings: TaskSettings;
  readonly athena: AthenaClient;
  readonly cloudWatch: CloudWatchClient;
  readonly dynamo: DynamoDBClient;
  /** The text of a file at a path below `sql/`, without the ending. */
  readonly readStatement: (name: string) => string;
  readonly now: () => Date;
  readonly sleep: (millis: number) => Promise<void>;
}

/** What tasks need, as AWS has it: Athena for SQL, DynamoDB for the ledger, the sink's own record for the watermark. */
export function awsRuntime(props: AwsRuntimeProps): Runtime {
  const { settings, now, sleep } = props;
  const { database } = settings.settings;
  const engine = new AthenaEngine({ client: props.athena, workGroup: settings.workGroup, database });
  const statement: Runtime['statement'] = (name) => parseStatement(name, props.readStatement(name));
  return {
    pipelines,
    settings: settings.settings,
    engine,
    ledger: new DynamoRunLedger({ client: props.dynamo, table: settings.ledgerTable, now }),
    statement,
    watermark: sinkWatermark({
      engine,
      statement,
      now,
      sleep,
      ...(settings.sinkLag === undefined ? {} : { lag: { ...settings.sinkLag, client: props.cloudWatch } }),
    }),
    now,
    sleep,
    // Athena takes a quarter of a second for the shortest of statements.
    firstPollMillis: 250,
  };
}
