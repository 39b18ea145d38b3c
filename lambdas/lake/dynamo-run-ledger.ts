import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type {
  BuiltPeriod,
  MaintainedTable,
  Renewal,
  RunLedger,
  RunRecord,
  StatementRecord,
} from '../../core/lake/run-ledger.ts';
import { runsByStart } from '../../core/lake/task-settings.ts';
import { keyOf, recordOf, secondsOf, text } from './dynamo-item.ts';
import { DynamoTable, mostInTransaction } from './dynamo-table.ts';
import { builtPeriodShape, runRecordShape, statementRecordShape } from './ledger-records.ts';
import { piecesOf } from './side-by-side.ts';

export interface DynamoRunLedgerProps {
  readonly client: DynamoDBClient;
  readonly table: string;
  readonly now: () => Date;
}

/** Runs and their statements are for looking back; built periods decide what is built and are kept. */
const runsKeptDays = 400;
/**
 * The run ledger in one DynamoDB table of `pk` and `sk`: `turn#TABLE`, `run#RUN` with its run, its turns and its statements,
 * and `periods#WORKFLOW` by the beginning of each period.
 */
export class DynamoRunLedger implements RunLedger {
  readonly #table: DynamoTable;
  readonly #now: () => Date;

  constructor({ client, table, now }: DynamoRunLedgerProps) {
    this.#table = new DynamoTable(client, table);
    this.#now = now;
  }

  async takeTurn(run: string, tables: readonly string[], now: string, until: string): Promise<{ heldBy?: string }> {
    if (tables.length === 0) return {};
    const free = 'attribute_not_exists(pk) or #run = :run or #until <= :now';
    const turns = this.#turnsIf(free, run, tables, until, {
      names: { '#until': 'until' },
      values: { ':now': text(now) },
    });
    const list = { ...turnsKey(run), tables: { SS: [...tables] }, expires: this.#expiry() };
    const outcome = await this.#table.transact([...turns, this.#table.putting(list)]);
    return outcome.written ? {} : { heldBy: outcome.found?.run?.S ?? 'another run' };
  }

  async renewTurn(run: string, tables: readonly string[], until: string): Promise<Renewal> {
    const outcome = await this.#table.transact(this.#turnsIf('#run = :run', run, tables, until));
    return outcome.written ? { renewed: true } : { renewed: false, heldBy: outcome.found?.run?.S };
  }

  /** Writes of a transaction that give a run the turns of tables until an instant, where a condition of each turn holds. */
  #turnsIf(
    condition: string,
    run: string,
    tables: readonly string[],
    until: string,
    more: { names?: Record<string, string>; values?: Record<string, ReturnType<typeof text>> } = {},
  ) {
    return tables.map((table) =>
      this.#table.putting(
        { ...turnKey(table), run: text(run), until: text(until) },
        {
          ConditionExpression: condition,
          ExpressionAttributeNames: { '#run': 'run', ...more.names },
          ExpressionAttributeValues: { ':run': text(run), ...more.values },
          ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
        },
      ),
    );
  }

  async giveTurnBack(run: string): Promise<void> {
    const list = await this.#table.get(turnsKey(run));
    if (list === undefined) return;
    for (const table of list.tables?.SS ?? []) {
      // Refused when its lease ran out and another run has it now, or nobody: there is nothing to give back.
      await this.#table.delete(turnKey(table), {
        ConditionExpression: '#run = :run',
        ExpressionAttributeNames: { '#run': 'run' },
        ExpressionAttributeValues: { ':run': text(run) },
      });
    }
    await this.#table.delete(turnsKey(run));
  }

  async startRun(run: RunRecord): Promise<void> {
    await this.#table.put({
      ...runKey(run.id),
      kind: text('run'),
      startedAt: text(run.startedAt),
      record: text(JSON.stringify(run)),
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
    const item = await this.#table.get(runKey(id));
    if (item === undefined) return;
    const record = { ...runRecordShape.parse(recordOf(item)), ...more };
    await this.#table.set(runKey(id), 'record', text(JSON.stringify(record)));
  }

  async latestRuns(most: number): Promise<RunRecord[]> {
    const items = await this.#table.query(
      {
        IndexName: runsByStart,
        KeyConditionExpression: 'kind = :kind',
        ExpressionAttributeValues: { ':kind': text('run') },
        ScanIndexForward: false,
      },
      most,
    );
    return items.map((item) => runRecordShape.parse(recordOf(item)));
  }

  async recordStatement(statement: StatementRecord): Promise<void> {
    await this.#table.put({
      ...keyOf(`run#${statement.run}`, `statement#${statement.id}`),
      record: text(JSON.stringify(statement)),
      expires: this.#expiry(),
    });
  }

  async statementsOf(run: string): Promise<StatementRecord[]> {
    const items = await this.#table.partition(`run#${run}`, { prefix: 'statement#' });
    return items
      .map((item) => statementRecordShape.parse(recordOf(item)))
      .sort((left, right) => left.finishedAt.localeCompare(right.finishedAt));
  }

  async builtPeriods(workflow: string, from = ' ', to = '~'): Promise<BuiltPeriod[]> {
    const items = await this.#table.query({
      KeyConditionExpression: 'pk = :pk and sk between :from and :to',
      ExpressionAttributeValues: { ':pk': text(`periods#${workflow}`), ':from': text(from), ':to': text(to) },
      ConsistentRead: true,
    });
    // `between` includes its upper end.
    return items.map((item) => builtPeriodShape.parse(recordOf(item))).filter(({ period }) => period.from < to);
  }

  async recordPeriods(periods: readonly BuiltPeriod[]): Promise<void> {
    // A transaction refuses the same item twice: the later one counts.
    const newest = [...new Map(periods.map((built) => [`${built.workflow} ${built.period.from}`, built])).values()];
    for (const piece of piecesOf(newest, mostInTransaction)) {
      await this.#table.transact(
        piece.map((built) =>
          this.#table.putting({
            ...keyOf(`periods#${built.workflow}`, built.period.from),
            record: text(JSON.stringify(built)),
          }),
        ),
      );
    }
  }

  #expiry(): { N: string } {
    return secondsOf(new Date(this.#now().getTime() + runsKeptDays * 86_400_000));
  }
}

function turnKey(table: string): ReturnType<typeof keyOf> {
  return keyOf(`turn#${table}`, 'turn');
}

/** Of the list of a run's turns. */
function turnsKey(run: string): ReturnType<typeof keyOf> {
  return keyOf(`run#${run}`, 'turns');
}

function runKey(id: string): ReturnType<typeof keyOf> {
  return keyOf(`run#${id}`, 'run');
}
