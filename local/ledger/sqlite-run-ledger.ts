import { readFileSync } from 'node:fs';
import { DatabaseSync, type SQLInputValue } from 'node:sqlite';
import type {
  BuiltPeriod,
  MaintainedTable,
  Renewal,
  RunLedger,
  RunRecord,
  StatementRecord,
} from '../../core/lake/run-ledger.ts';

import { isRunning } from '../running-process.ts';

const schema = `
  create table if not exists turns (table_name text primary key, run text not null, until text not null, process text not null);
  create table if not exists runs (id text primary key, started_at text not null, record text not null);
  create index if not exists runs_by_start on runs (started_at);
  create table if not exists statements (id text primary key, run text not null, record text not null);
  create index if not exists statements_by_run on statements (run);
  create table if not exists periods (
    workflow text not null, period_from text not null, record text not null, primary key (workflow, period_from)
  );
`;

/** The run ledger of the embedded run: one SQLite file in the home, which several processes may use at once. */
export class SqliteRunLedger implements RunLedger {
  readonly #database: DatabaseSync;
  readonly #process = `${process.pid} ${startOf(process.pid) ?? ''}`;

  /** @param file path of the database file; it is made when it is missing. */
  constructor(file: string) {
    this.#database = new DatabaseSync(file);
    // A killed process loses nothing that was committed; only a power cut may lose the last commits, and runs are repeatable.
    this.#database.exec('pragma journal_mode = wal; pragma synchronous = normal; pragma busy_timeout = 10000;');
    this.#database.exec(schema);
  }

  close(): void {
    this.#database.close();
  }

  async takeTurn(run: string, tables: readonly string[], now: string, until: string): Promise<{ heldBy?: string }> {
    return this.#transaction(() => {
      for (const table of tables) {
        const held = this.#all('select run, until, process from turns where table_name = ?', table)[0];
        if (held === undefined || held.run === run) continue;
        if (String(held.until) > now && isAlive(String(held.process))) return { heldBy: String(held.run) };
      }
      for (const table of tables)
        this.#run('insert or replace into turns values (?, ?, ?, ?)', table, run, until, this.#process);
      return {};
    });
  }

  async renewTurn(run: string, tables: readonly string[], until: string): Promise<Renewal> {
    return this.#transaction((): Renewal => {
      for (const table of tables) {
        const held = this.#all('select run from turns where table_name = ?', table)[0];
        if (held?.run !== run) return { renewed: false, heldBy: held === undefined ? undefined : String(held.run) };
      }
      for (const table of tables)
        this.#run('insert or replace into turns values (?, ?, ?, ?)', table, run, until, this.#process);
      return { renewed: true };
    });
  }

  async giveTurnBack(run: string): Promise<void> {
    this.#run('delete from turns where run = ?', run);
  }

  async startRun(run: RunRecord): Promise<void> {
    this.#run('insert or replace into runs values (?, ?, ?)', run.id, run.startedAt, JSON.stringify(run));
  }

  async finishRun(id: string, end: Parameters<RunLedger['finishRun']>[1]): Promise<void> {
    const row = this.#all('select record from runs where id = ?', id)[0];
    if (row === undefined) return;
    const record = { ...parse<RunRecord>(row), ...end };
    this.#run('update runs set record = ? where id = ?', JSON.stringify(record), id);
  }

  async recordMaintenance(run: string, tables: readonly MaintainedTable[]): Promise<void> {
    const row = this.#all('select record from runs where id = ?', run)[0];
    if (row === undefined) return;
    const record = { ...parse<RunRecord>(row), maintenance: tables };
    this.#run('update runs set record = ? where id = ?', JSON.stringify(record), run);
  }

  async latestRuns(most: number): Promise<RunRecord[]> {
    const rows = this.#all('select record from runs order by started_at desc, rowid desc limit ?', most);
    return rows.map((row) => parse<RunRecord>(row));
  }

  async recordStatement(statement: StatementRecord): Promise<void> {
    this.#run(
      'insert or replace into statements values (?, ?, ?)',
      statement.id,
      statement.run,
      JSON.stringify(statement),
    );
  }

  async statementsOf(run: string): Promise<StatementRecord[]> {
    return this.#all('select record from statements where run = ? order by rowid', run).map((row) =>
      parse<StatementRecord>(row),
    );
  }

  async builtPeriods(workflow: string, from = '', to = '~'): Promise<BuiltPeriod[]> {
    const sql =
      'select record from periods where workflow = ? and period_from >= ? and period_from < ? order by period_from';
    return this.#all(sql, workflow, from, to).map((row) => parse<BuiltPeriod>(row));
  }

  async recordPeriods(periods: readonly BuiltPeriod[]): Promise<void> {
    this.#transaction(() => {
      for (const built of periods) {
        this.#run(
          'insert or replace into periods values (?, ?, ?)',
          built.workflow,
          built.period.from,
          JSON.stringify(built),
        );
      }
    });
  }

  #all(sql: string, ...values: SQLInputValue[]): Record<string, unknown>[] {
    return this.#database.prepare(sql).all(...values);
  }

  #run(sql: string, ...values: SQLInputValue[]): void {
    this.#database.prepare(sql).run(...values);
  }

  #transaction<T>(work: () => T): T {
    this.#database.exec('begin immediate');
    try {
      const result = work();
      this.#database.exec('commit');
      return result;
    } catch (error) {
      this.#database.exec('rollback');
      throw error;
    }
  }
}

function parse<T>(row: Record<string, unknown>): T {
  return JSON.parse(String(row.record));
}

/** When a process started, in clock ticks since boot; undefined where the system does not say. A pid alone may be another process by now. */
function startOf(pid: number): string | undefined {
  try {
    return readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ')[19];
  } catch {
    return undefined;
  }
}

function isAlive(process_: string): boolean {
  const [pid = '', start = ''] = process_.split(' ');
  return isRunning(Number(pid)) && (startOf(Number(pid)) ?? '') === start;
}
