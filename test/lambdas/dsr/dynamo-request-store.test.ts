import { DynamoRequestStore } from '../../../lambdas/dsr/dynamo-request-store.ts';
import { requestStoreBehaviour } from '../../dsr/request-store-behaviour.ts';
import { dynamoDouble } from '../lake/dynamo-double.ts';

requestStoreBehaviour(async () => ({
  store: new DynamoRequestStore({ client: dynamoDouble(), table: 'requests' }),
  close: async () => undefined,
}));
