import { DynamoRunLedger } from '../../../lambdas/lake/dynamo-run-ledger.ts';
import { behavesAsRunLedger } from '../../ledger/run-ledger-behaviour.ts';
import { dynamoDouble } from './dynamo-double.ts';

behavesAsRunLedger(async () => ({
  ledger: new DynamoRunLedger({ client: dynamoDouble(), table: 'ledger', now: () => new Date() }),
  close: async () => undefined,
}));
