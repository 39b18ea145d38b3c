import {
  type AttributeValue,
  DeleteItemCommand,
  type DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
  QueryCommand,
  type QueryCommandInput,
  TransactionCanceledException,
  type TransactWriteItem,
  TransactWriteItemsCommand,
  UpdateItemCommand,
} from '@aws-sdk/client-dynamodb';
import { TurnTaken } from '../../core/errors.ts';
import type {
  BuiltPeriod,
  MaintainedTable,
  RunLedger,
  RunRecord,
  StatementRecord,
} from '../../core/lake/run-ledger.ts';
import { builtPeriodShape, runRecordShape, statementRecordShape } from './ledger-records.ts';

export interface DynamoRunLedgerProps {
  readonly client: DynamoDBClient;
  readonly table: string;
  readonly now: () => Date;
}

type Item = Record<string, AttributeValue>;

/** Index of the runs by their start. */
export const runsByStart = 'runs-by-start';
/** Runs and their statements are for looking back; built periods decide what is built and are kept. */
const runsKeptDays = 400;
/** DynamoDB takes at most so many items in one transaction. */
const mostItems = 100;
/** A transaction that meets another one on the same items is tried so often. */
const mostAttempts = 8;

/**
 * The run ledger in one DynamoDB table of `pk` and `sk`: `turn#TABLE`, `run#RUN` with its run, its turns and its statements,
 * and `periods#WORKFLOW` by the beginning of each period.
 */
export class DynamoRunLedger implements RunLedger {
  readonly #props: DynamoRunLedgerProps;

  constructor(props: DynamoRunLedgerProps) {
    this.#props = props;
  }

  async takeTurn(run: string, tables: readonly string[], now: string, until: string): Promise<{ heldBy?: string }> {
    if (tables.length === 0) return {};
    const turns: TransactWriteItem[] = tables.map((table) => ({
      Put: {
        TableName: this.#props.table,
        Item: { ...key(`turn#${table}`, 'turn'), run: { S: run }, until: { S: until } },
        ConditionExpression: 'attribute_not_exists(pk) or #run = :run or #until <= :now',
        ExpressionAttributeNames: { '#run': 'run', '#until': 'until' },
        ExpressionAttributeValues: { ':run': { S: run }, ':now': { S: now } },
        ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
      },
    }));
    const list = { ...key(`run#${run}`, 'turns'), tables: { SS: [...tables] }, expires: this.#expiry() };
    try {
      await this.#transact([...turns, { Put: { TableName: this.#props.table, Item: list } }]);
      return {};
    } catch (error) {
      const holder = holderOf(error);
      if (holder === undefined) throw error;
      return { heldBy: holder };
    }
  }

  async giveTurnBack(run: string): Promise<void> {
    const { client, table } = this.#props;
    const list = key(`run#${run}`, 'turns');
    const { Item } = await client.send(new GetItemCommand({ TableName: table, Key: list, ConsistentRead: true }));
    if (Item === undefined) return;
    for (const name of Item.tables?.SS ?? []) await this.#giveBack(run, name);
    await client.send(new DeleteItemCommand({ TableName: table, Key: list }));
  }

  async #giveBack(run: string, table: string): Promise<void> {
    try {
      await this.#props.client.send(
        new DeleteItemCommand({
          TableName: this.#props.table,
          Key: key(`turn#${table}`, 'turn'),
          ConditionExpression: '#run = :run',
          ExpressionAttributeNames: { '#run': 'run' },
          ExpressionAttributeValues: { ':run': { S: run } },
        }),
      );
    } catch (error) {
      // Its lease ran out and another run has it now, or nobody: there is nothing to give back.
      if (!isNamed(error, 'ConditionalCheckFailedException')) throw error;
    }
  }

  async startRun(run: RunRecord): Promise<void> {
    await this.#put({
      ...key(`run#${run.id}`, 'run'),
      kind: { S: 'run' },
      startedAt: { S: run.startedAt },
      record: { S: JSON.stringify(run) },
      expires: this.#expiry(),
    });
  }

  async finishRun(id: string, end: Parameters<RunLedger['finishRun']>[1]): Promise<void> {
    await this.#addTo(id, end);
  }

  async recordMaintenance(run: string, tables: readonly MaintainedTable[]): Promise<void> {
    await this.#addTo(run, { maintenance: tables });
  }

  async #addTo(id: string, more: Partial<RunRecord>): Promise<void> {
    const { client, table } = this.#props;
    const Key = key(`run#${id}`, 'run');
    const { Item } = await client.send(new GetItemCommand({ TableName: table, Key, ConsistentRead: true }));
    if (Item === undefined) return;
    const record = { ...runRecordShape.parse(recordOf(Item)), ...more };
    await client.send(
      new UpdateItemCommand({
        TableName: table,
        Key,
        UpdateExpression: 'set #record = :record',
        ExpressionAttributeNames: { '#record': 'record' },
        ExpressionAttributeValues: { ':record': { S: JSON.stringify(record) } },
      }),
    );
  }

  async latestRuns(most: number): Promise<RunRecord[]> {
    const items = await this.#query(
      {
        IndexName: runsByStart,
        KeyConditionExpression: 'kind = :kind',
        ExpressionAttributeValues: { ':kind': { S: 'run' } },
        ScanIndexForward: false,
        Limit: most,
      },
      most,
    );
    return items.map((item) => runRecordShape.parse(recordOf(item)));
  }

  async recordStatement(statement: StatementRecord): Promise<void> {
    await this.#put({
      ...key(`run#${statement.run}`, `statement#${statement.id}`),
      record: { S: JSON.stringify(statement) },
      expires: this.#expiry(),
    });
  }

  async statementsOf(run: string): Promise<StatementRecord[]> {
    const items = await this.#query({
      KeyConditionExpression: 'pk = :pk and begins_with(sk, :sk)',
      ExpressionAttributeValues: { ':pk': { S: `run#${run}` }, ':sk': { S: 'statement#' } },
      ConsistentRead: true,
    });
    return items
      .map((item) => statementRecordShape.parse(recordOf(item)))
      .sort((left, right) => left.finishedAt.localeCompare(right.finishedAt));
  }

  async builtPeriods(workflow: string, from = ' ', to = '~'): Promise<BuiltPeriod[]> {
    const items = await this.#query({
      KeyConditionExpression: 'pk = :pk and sk between :from and :to',
      ExpressionAttributeValues: { ':pk': { S: `periods#${workflow}` }, ':from': { S: from }, ':to': { S: to } },
      ConsistentRead: true,
    });
    // `between` includes its upper end.
    return items.map((item) => builtPeriodShape.parse(recordOf(item))).filter(({ period }) => period.from < to);
  }

  async recordPeriods(periods: readonly BuiltPeriod[]): Promise<void> {
    // A transaction refuses the same item twice: the later one counts.
    const newest = [...new Map(periods.map((built) => [`${built.workflow} ${built.period.from}`, built])).values()];
    for (let first = 0; first < newest.length; first += mostItems) {
      const puts = newest.slice(first, first + mostItems).map((built) => ({
        Put: {
          TableName: this.#props.table,
          Item: { ...key(`periods#${built.workflow}`, built.period.from), record: { S: JSON.stringify(built) } },
        },
      }));
      await this.#transact(puts);
    }
  }

  async #put(item: Item): Promise<void> {
    await this.#props.client.send(new PutItemCommand({ TableName: this.#props.table, Item: item }));
  }

  async #query(input: Omit<QueryCommandInput, 'TableName'>, most = Number.POSITIVE_INFINITY): Promise<Item[]> {
    const found: Item[] = [];
    let next: Item | undefined;
    do {
      const page = await this.#props.client.send(
        new QueryCommand({
          TableName: this.#props.table,
          ...input,
          ...(next === undefined ? {} : { ExclusiveStartKey: next }),
        }),
      );
      found.push(...(page.Items ?? []));
      next = page.LastEvaluatedKey;
    } while (next !== undefined && found.length < most);
    return found.slice(0, most);
  }

  /** @throws TurnTaken when other transactions keep getting in the way. */
  async #transact(items: TransactWriteItem[]): Promise<void> {
    for (let attempt = 0; attempt < mostAttempts; attempt++) {
      try {
        await this.#props.client.send(new TransactWriteItemsCommand({ TransactItems: items }));
        return;
      } catch (error) {
        if (!hasConflict(error)) throw error;
      }
    }
    throw new TurnTaken('Other runs keep writing the same records of the ledger: start the run again.');
  }

  #expiry(): AttributeValue {
    return { N: String(Math.floor(this.#props.now().getTime() / 1000) + runsKeptDays * 86_400) };
  }
}

function key(pk: string, sk: string): { pk: AttributeValue; sk: AttributeValue } {
  return { pk: { S: pk }, sk: { S: sk } };
}

function recordOf(item: Item): unknown {
  return JSON.parse(item.record?.S ?? 'null');
}

function isNamed(error: unknown, name: string): boolean {
  return error instanceof Error && error.name === name;
}

/** Which run has a turn that a transaction asked for; undefined when it failed for another reason. */
function holderOf(error: unknown): string | undefined {
  if (!(error instanceof TransactionCanceledException)) return undefined;
  const refused = error.CancellationReasons?.find(({ Code }) => Code === 'ConditionalCheckFailed');
  return refused === undefined ? undefined : (refused.Item?.run?.S ?? 'another run');
}

function hasConflict(error: unknown): boolean {
  return (
    error instanceof TransactionCanceledException &&
    holderOf(error) === undefined &&
    (error.CancellationReasons ?? []).some(({ Code }) => Code === 'TransactionConflict')
  );
}
