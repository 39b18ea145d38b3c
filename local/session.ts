import { join, resolve } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { AthenaClient } from '@aws-sdk/client-athena';
import { InputError } from '../core/errors.ts';
import type { Pipeline, Source } from '../core/lake/pipeline.ts';
import type { Runtime } from '../core/lake/runtime.ts';
import type { Settings } from '../core/settings.ts';
import type { Window } from '../core/window.ts';
import { AthenaEngine } from '../lambdas/lake/athena-engine.ts';
import type { Task } from '../lambdas/lake/task.ts';
import { type HomeErasures, openHomeErasures } from './dsr/home-erasures.ts';
import { openHome } from './home/home.ts';
import { type Ingest, ingestThroughDoor, openIngestDoor } from './home/ingest-door.ts';
import { type LoadProgress, type LoadResult, loadFile } from './ingest/load-file.ts';
import { SqliteRunLedger } from './ledger/sqlite-run-ledger.ts';
import { statementsBelow } from './statements.ts';
import { type StateEntered, StateMachines, type Workflows } from './workflows/state-machines.ts';
import { synthesized } from './workflows/synthesized.ts';

const projectRoot = join(import.meta.dirname, '..');

/** What a run is started with: nothing but its mode, a window, or the days of a backfill. */
export type RunInput =
  /** On a dry run, which erasures have, it only says what it would do. */
  | { readonly mode: 'scheduled'; readonly dryRun?: boolean }
  /** Maintenance because somebody asked for it; on a dry run it only says what it would do. */
  | { readonly mode: 'named'; readonly dryRun?: boolean }
  | { readonly mode: 'named' | 'backfill'; readonly window: Window }
  | { readonly from: string; readonly to: string };

export interface SessionOptions {
  /** The home folder; made when missing. */
  readonly home: string;
  readonly settings: Settings;
  readonly pipelines: readonly Pipeline[];
  /** Synthesizes the app's workflows; called only when no earlier result fits. */
  readonly synthesize: (pipelines: readonly Pipeline[]) => Promise<Workflows>;
  /** The clock. Default: the machine's. */
  readonly now?: () => Date;
  /** `simulated` where {@link now} is set forward to skip waits: evidence says so. Default: real. */
  readonly clock?: 'real' | 'simulated';
  /** Folders of statements that are looked through before the project's own. Default: none. */
  readonly sql?: readonly string[];
  /** The endpoint's port. Default: a free one. */
  readonly port?: number;
  /** What the engine may hold in memory, such as `300MB`. Default: the engine's own. */
  readonly memoryLimit?: string;
  /** Threads that one statement is given. Default: as many as the machine has cores. */
  readonly threads?: number;
  /** Told before each task of a workflow. Default: nobody is told. */
  readonly onState?: (event: StateEntered) => void | Promise<void>;
  /** Stops a run before its next task. Default: nothing does. */
  readonly signal?: AbortSignal;
}

export interface IngestOptions {
  /** Load a file's content even if it has been loaded before. */
  readonly again?: boolean;
  readonly onProgress?: (progress: LoadProgress) => void;
}

/** The whole system on one machine: the same handlers, state machines and SQL that AWS runs, on the engine of a home folder. */
export interface Session {
  readonly settings: Settings;
  readonly pipelines: readonly Pipeline[];
  readonly runtime: Runtime;
  readonly erasures: HomeErasures;
  readonly athena: AthenaClient;
  readonly endpointUrl: string;
  /** Whether this process has the home's engine; another one may have it, and this one then uses its endpoint. */
  readonly owned: boolean;
  /** Whether the engine is gone since the process that has it has ended; what was being written then is there whole or not at all. */
  hasLostEngine(): Promise<boolean>;
  readonly workflows: readonly string[];
  /** Runs a workflow to its end. @throws RunFailed with the error that ended it. */
  run(workflow: string, input: RunInput): Promise<void>;
  /** Appends a file of records to bronze, as the connector would. @throws InputError for a file that cannot be read. */
  ingest(source: Source, path: string, options?: IngestOptions): Promise<LoadResult>;
  close(): Promise<void>;
}

/** Opens a home folder and everything that works on it. @throws InputError when the folder cannot be used. */
export async function openSession(options: SessionOptions): Promise<Session> {
  const { settings, pipelines } = options;
  const now = options.now ?? (() => new Date());
  // Closed again, the last first, when something later cannot be opened: a home that stays taken keeps others out.
  await using opened = new AsyncDisposableStack();
  const home = await openHome({
    directory: options.home,
    database: settings.database,
    tables: pipelines.flatMap((pipeline) => pipeline.tables),
    ...(options.port === undefined ? {} : { port: options.port }),
    ...(options.memoryLimit === undefined ? {} : { memoryLimit: options.memoryLimit }),
    ...(options.threads === undefined ? {} : { threads: options.threads }),
  });
  opened.defer(() => home.close());
  const ledger = new SqliteRunLedger(join(home.directory, 'ledger.sqlite'));
  opened.defer(() => ledger.close());
  const athena = new AthenaClient({
    endpoint: home.endpointUrl,
    region: 'us-east-1',
    credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
  });
  opened.defer(() => athena.destroy());
  const engine = new AthenaEngine({ client: athena, workGroup: 'primary', database: settings.database });
  const { database } = settings;
  const erasures = openHomeErasures({
    home: home.directory,
    database,
    pipelines,
    engine,
    clock: options.clock ?? 'real',
  });
  opened.defer(() => erasures.disconnect());
  const runtime: Runtime = {
    pipelines,
    settings,
    engine,
    ledger,
    erasures,
    statement: statementsBelow(...(options.sql ?? []), join(projectRoot, 'sql')),
    // A file is in bronze when `ingest` returns: nothing is ever on its way.
    watermark: async () => now(),
    now,
    turnClock: () => new Date(),
    sleep: (millis) => setTimeout(millis),
    firstPollMillis: 1,
  };
  const machines = new StateMachines({
    workflows: await synthesized(pipelines, options.synthesize),
    call: async (handler, payload) => (await taskOf(handler)).run(runtime, payload),
    now,
    ...(options.onState === undefined ? {} : { onState: options.onState }),
    ...(options.signal === undefined ? {} : { signal: options.signal }),
  });
  const load: Ingest = async ({ topic, path, again }, onProgress) => {
    if (!home.owned) throw new Error('only the owner of a home can load files');
    const source = pipelines.flatMap(({ sources }) => sources).find((candidate) => candidate.topic.key === topic);
    if (source === undefined) throw new InputError(`There is no topic ${topic}.`);
    const tables = { schema: settings.database, accepted: source.table.name, rejected: source.rejected.name };
    const connection = await home.engine.connect();
    try {
      return await loadFile({ connection, topic: source.topic, tables, path, arrival: now(), again, onProgress });
    } finally {
      connection.disconnectSync();
    }
  };
  let loaded: Promise<unknown> = Promise.resolve();
  // One file after the other: of two loads of one file at once neither would see that the other has it.
  const ingest: Ingest = (request, onProgress) => {
    const next = loaded.then(() => load(request, onProgress));
    loaded = next.catch(() => undefined);
    return next;
  };
  const door = home.owned ? await openIngestDoor(home.directory, ingest) : undefined;
  opened.defer(() => door?.close());
  const all = opened.move();
  return {
    settings,
    pipelines,
    runtime,
    erasures,
    athena,
    endpointUrl: home.endpointUrl,
    owned: home.owned,
    hasLostEngine: async () => !home.owned && !(await home.isServed()),
    workflows: machines.names(),
    run: (workflow, input) => machines.run(workflow, input),
    ingest: (source, path, { again = false, onProgress = () => undefined } = {}) =>
      home.owned
        ? ingest({ topic: source.topic.key, path, again }, onProgress)
        : ingestThroughDoor(home.directory, { topic: source.topic.key, path: resolve(path), again }, onProgress),
    close: () => all.disposeAsync(),
  };
}

const tasks = new Map<string, Promise<{ task: Task }>>();

async function taskOf(handler: string): Promise<Task> {
  const known = tasks.get(handler) ?? import(`../lambdas/${handler}.ts`);
  tasks.set(handler, known);
  return (await known).task;
}
