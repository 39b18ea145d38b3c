import { randomUUID } from 'node:crypto';
import { CreateTableCommand, DeleteTableCommand, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { runsByStart } from '../../core/lake/task-settings.ts';
import { DynamoRunLedger } from '../../lambdas/lake/dynamo-run-ledger.ts';
import { behavesAsRunLedger } from './run-ledger-behaviour.ts';

/** Needs DynamoDB, or an emulator of it at AWS_ENDPOINT_URL. */
behavesAsRunLedger(async () => {
  const client = new DynamoDBClient({});
  const table = `ledger-${randomUUID()}`;
  await client.send(
    new CreateTableCommand({
      TableName: table,
      BillingMode: 'PAY_PER_REQUEST',
      AttributeDefinitions: ['pk', 'sk', 'kind', 'startedAt'].map((AttributeName) => ({
        AttributeName,
        AttributeType: 'S',
      })),
      KeySchema: [
        { AttributeName: 'pk', KeyType: 'HASH' },
        { AttributeName: 'sk', KeyType: 'RANGE' },
      ],
      GlobalSecondaryIndexes: [
        {
          IndexName: runsByStart,
          KeySchema: [
            { AttributeName: 'kind', KeyType: 'HASH' },
            { AttributeName: 'startedAt', KeyType: 'RANGE' },
          ],
          Projection: { ProjectionType: 'ALL' },
        },
      ],
    }),
  );
  return {
    ledger: new DynamoRunLedger({ client, table, now: () => new Date() }),
    close: async () => {
      await client.send(new DeleteTableCommand({ TableName: table }));
      client.destroy();
    },
  };
});
