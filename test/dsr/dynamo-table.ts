import { randomUUID } from 'node:crypto';
import { CreateTableCommand, DeleteTableCommand, type DynamoDBClient } from '@aws-sdk/client-dynamodb';

/** Makes a table of `pk` and `sk` with a name of its own, as the storage stack has them. */
export async function makeTable(client: DynamoDBClient): Promise<{ table: string; drop: () => Promise<void> }> {
  const table = `erasures-${randomUUID()}`;
  await client.send(
    new CreateTableCommand({
      TableName: table,
      BillingMode: 'PAY_PER_REQUEST',
      AttributeDefinitions: ['pk', 'sk'].map((AttributeName) => ({ AttributeName, AttributeType: 'S' })),
      KeySchema: [
        { AttributeName: 'pk', KeyType: 'HASH' },
        { AttributeName: 'sk', KeyType: 'RANGE' },
      ],
    }),
  );
  return {
    table,
    drop: async () => {
      await client.send(new DeleteTableCommand({ TableName: table }));
    },
  };
}
