import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { AthenaClient } from '@aws-sdk/client-athena';
import { athenaDdl } from '../../core/catalogue/athena-ddl.ts';
import type { Table } from '../../core/catalogue/table.ts';
import { chatPipeline } from '../../core/chat/pipeline.ts';
import type { Erasures } from '../../core/dsr/erasures.ts';
import { admit, type StoredValue } from '../../core/ingest/admit.ts';
import type { Engine } from '../../core/lake/engine.ts';
import type { Pipeline, Source } from '../../core/lake/pipeline.ts';
import type { Runtime } from '../../core/lake/runtime.ts';
import { defaultSettings, type Settings } from '../../core/settings.ts';
import { AthenaEngine } from '../../lambdas/lake/athena-engine.ts';
import type { Task } from '../../lambdas/lake/task.ts';
import { synthesizeWorkflows } from '../../lib/synthesize-workflows.ts';
import { SqliteRunLedger } from '../../local/ledger/sqlite-run-ledger.ts';
import { statementsBelow } from '../../local/statements.ts';
import { type StateEntered, StateMachines } from '../../local/workflows/state-machines.ts';
import { synthesized } from '../../local/workflows/synthesized.ts';
import { canonical } from '../oracle/compare.ts';
import type { Row, Tables } from '../oracle/row.ts';
import { rowsOf, runStatement } from './athena-statement.ts';

const projectRoot = join(import.meta.dirname, '..', '..');

export interface TrinoLakeOptions {
  /** Where Athena is, with Trino behind it. */
  readonly athenaUrl: string;
  /** Below which the lake's tables lie, such as `s3://bucket/folder`. */
  readonly location: string;
  readonly settings?: Partial<Settings>;
  readonly at?: Date;
  readonly pipelines?: readonly Pipeline[];
  /** Default: one of its own, with the tables made. */
  readonly database?: string;
  /** Where ledgers lie. Default: a folder that goes when the lake is closed. */
  readonly folder?: string;
  /** What erasures need; given the engine, and the folder of the ledgers. Default: nobody can be erased. */
  readonly erasures?: (place: { engine: Engine; database: string; folder: string }) => Erasures;
  /** Stands in for a service that a workflow calls by itself, as for Glue. Default: there is none. */
  readonly service?: (resource: string, payload: unknown) => Promise<unknown>;
  /** Told what each task was given and has answered, as an execution's history is. Default: nobody is told. */
  readonly onCall?: (call: { handler: string; payload: unknown; answer: unknown }) => void;
  /** Told before each task of a workflow. Default: nobody is told. */
  readonly onState?: (event: StateEntered) => void;
}

/** The tables of a database of their own on Trino, and the workflows that build them, with a clock that the test sets. */
export interface TrinoLake {
  readonly database: string;
  readonly athena: AthenaClient;
  readonly runtime: Runtime;
  at: Date;
  /** Admits lines of a topic and inserts them into bronze in one statement. */
  ingest(topic: string, lines: readonly string[]): Promise<void>;
  run(workflow: string, input: unknown): Promise<void>;
  query(sql: string): Promise<Record<string, string | null>[]>;
  rows(table: Table): Promise<Row[]>;
  tables(): Promise<Tables>;
  close(): Promise<void>;
}

/** Makes a database with the catalogue's tables by Athena's own DDL, and what works on them. */
export async function openTrinoLake(options: TrinoLakeOptions): Promise<TrinoLake> {
  const database = options.database ?? `lake_${randomUUID().replaceAll('-', '')}`;
  const pipelines = options.pipelines ?? [chatPipeline];
  const settings = { ...defaultSettings, ...options.settings, database };
  const athena = athenaClient(options.athenaUrl);
  const engine = new AthenaEngine({ client: athena, workGroup: 'primary', database });
  const folder = options.folder ?? mkdtempSync(join(tmpdir(), 'lethe-trino-'));
  const ledger = new SqliteRunLedger(join(folder, 'ledger.sqlite'));
  const lake = { at: options.at ?? new Date() };
  const now = () => lake.at;
  const allTables = pipelines.flatMap(({ tables }) => tables);
  if (options.database === undefined) {
    await runStatement(engine, `create database ${database}`);
    await Promise.all(
      allTables.map((table) => runStatement(engine, athenaDdl(table, `${options.location}/${database}/${table.name}`))),
    );
  }
  const runtime: Runtime = {
    pipelines,
    settings,
    engine,
    namesFiles: true,
    ledger,
    statement: statementsBelow(join(projectRoot, 'sql')),
    watermark: async () => now(),
    now,
    sleep: (millis) => sleep(millis),
    firstPollMillis: 1,
    ...(options.erasures === undefined ? {} : { erasures: options.erasures({ engine, database, folder }) }),
  };
  const machines = new StateMachines({
    workflows: await synthesized(pipelines, async (declared) => synthesizeWorkflows(declared)),
    call: async (handler, payload) => {
      const answer = await (await taskOf(handler)).run(runtime, payload).catch((error: unknown) => {
        options.onCall?.({ handler, payload, answer: String(error) });
        throw error;
      });
      options.onCall?.({ handler, payload, answer });
      return answer;
    },
    now,
    ...(options.onState === undefined ? {} : { onState: options.onState }),
    ...(options.service === undefined ? {} : { service: options.service }),
  });
  const query = (sql: string) => rowsOf(athena, engine, sql);
  const rows = async (table: Table) => canonical(table, await query(`select * from "${table.name}"`));
  return Object.assign(lake, {
    database,
    athena,
    runtime,
    query,
    rows,
    run: (workflow: string, input: unknown) => machines.run(workflow, input),
    ingest: async (topic: string, lines: readonly string[]) => {
      const source = pipelines.flatMap(({ sources }) => sources).find((one) => one.topic.key === topic);
      if (source === undefined) throw new Error(`no source ${topic}`);
      await insert(engine, source, lines, now());
    },
    tables: async () => {
      const tables: Tables = {};
      for (const table of allTables) tables[table.name] = await rows(table);
      return tables;
    },
    close: async () => {
      athena.destroy();
      ledger.close();
      if (options.folder === undefined) rmSync(folder, { recursive: true, force: true });
    },
  });
}

/** A client of an Athena on this machine. */
export function athenaClient(endpoint: string): AthenaClient {
  return new AthenaClient({
    endpoint,
    region: 'us-east-1',
    credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
  });
}

async function insert(engine: Engine, source: Source, lines: readonly string[], arrival: Date): Promise<void> {
  const rows: string[] = [];
  for (const line of lines.filter((text) => text.trim() !== '')) {
    const admission = admit(source.topic, line, arrival);
    if ('row' in admission) rows.push(`(${admission.row.map((value, at) => literal(source, at, value)).join(', ')})`);
  }
  // Athena's limit is 262,144 bytes a statement.
  for (let from = 0; from < rows.length; from += 400) {
    const values = rows.slice(from, from + 400).join(',\n');
    await runStatement(engine, `insert into ${source.table.name} values ${values}`);
  }
}

function literal({ topic, table }: Source, at: number, value: StoredValue): string {
  const kind = topic.fields[at]?.kind;
  if (value === null) return `cast(null as ${table.columns[at]?.type.replace('string', 'varchar')})`;
  switch (kind) {
    case 'text':
      return `'${String(value).replaceAll("'", "''")}'`;
    case 'cost': {
      const digits = String(value).padStart(10, '0');
      return `decimal '${digits.slice(0, -9)}.${digits.slice(-9)}'`;
    }
    case 'instant': {
      const micros = BigInt(value);
      const day = new Date(Number(micros / 1000n)).toISOString().slice(0, 19).replace('T', ' ');
      return `timestamp '${day}.${String(micros % 1_000_000n).padStart(6, '0')}'`;
    }
    case 'day':
      return `date '${new Date(Number(value) * 86_400_000).toISOString().slice(0, 10)}'`;
    default:
      return String(value);
  }
}

const tasks = new Map<string, Promise<{ task: Task }>>();

async function taskOf(handler: string): Promise<Task> {
  const known = tasks.get(handler) ?? import(`../../lambdas/${handler}.ts`);
  tasks.set(handler, known);
  return (await known).task;
}
