import { setTimeout } from 'node:timers/promises';
import {
  type DynamoDBClient,
  TransactionCanceledException,
  type TransactWriteItem,
  TransactWriteItemsCommand,
} from '@aws-sdk/client-dynamodb';
import { TurnTaken } from '../../core/errors.ts';

/** A transaction that meets others on the same items is tried so often, each time after a longer pause. */
const mostAttempts = 12;
/** Why DynamoDB cancels a transaction that may succeed the next time. */
const passing = new Set(['TransactionConflict', 'ThrottlingError', 'ProvisionedThroughputExceeded', 'None']);

/**
 * Writes items all together or not at all: `refused`, and nothing written, when a condition does not hold.
 *
 * @throws TurnTaken when other transactions keep getting in the way.
 */
export async function transact(
  client: DynamoDBClient,
  items: readonly TransactWriteItem[],
): Promise<'written' | 'refused'> {
  for (let attempt = 0; attempt < mostAttempts; attempt++) {
    try {
      await client.send(new TransactWriteItemsCommand({ TransactItems: [...items] }));
      return 'written';
    } catch (error) {
      if (!(error instanceof TransactionCanceledException)) throw error;
      const codes = (error.CancellationReasons ?? []).map(({ Code }) => Code ?? 'None');
      if (codes.includes('ConditionalCheckFailed')) return 'refused';
      if (!codes.every((code) => passing.has(code))) throw error;
    }
    await setTimeout(Math.random() * Math.min(2_000, 20 * 2 ** attempt));
  }
  throw new TurnTaken('Others keep writing the same records of the ledger: try again.');
}
