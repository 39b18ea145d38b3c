import { DynamoDBClient, paginateListTables } from '@aws-sdk/client-dynamodb';
import type { RequestStore } from '../../core/dsr/request-store.ts';
import { InputError } from '../../core/errors.ts';
import { DynamoRequestStore } from '../../lambdas/dsr/dynamo-request-store.ts';
import type { Place } from './place.ts';

/** Opens the ledger of requests of an environment for as long as `use` takes. @throws InputError where none is deployed. */
export async function withRequestsOf(
  environment: string,
  place: Place,
  use: (store: RequestStore) => Promise<void>,
): Promise<void> {
  const { region, erasures } = await place.deployment(environment);
  const client = new DynamoDBClient(region === undefined ? {} : { region });
  try {
    await use(new DynamoRequestStore({ client, table: await tableOf(client, erasures.requestsTablePrefix) }));
  } finally {
    client.destroy();
  }
}

async function tableOf(client: DynamoDBClient, prefix: string): Promise<string> {
  for await (const { TableNames = [] } of paginateListTables({ client }, {})) {
    const found = TableNames.find((name) => name.startsWith(prefix));
    if (found !== undefined) return found;
  }
  throw new InputError(
    `No table ${prefix}… is there: deploy the environment first, or look with its account's credentials.`,
  );
}
