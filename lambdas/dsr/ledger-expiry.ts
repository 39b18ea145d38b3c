import { ledgerMonths, monthsAfter } from '../../core/dsr/request-store.ts';
import { secondsOf } from '../lake/dynamo-item.ts';

/** When what ended at an instant goes from the ledger of requests, as DynamoDB's time to live has it. */
export function expiryAfter(at: string): { N: string } {
  return secondsOf(monthsAfter(new Date(at), ledgerMonths));
}
