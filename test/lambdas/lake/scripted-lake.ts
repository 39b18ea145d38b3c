import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { AthenaClient } from '@aws-sdk/client-athena';
import { CloudWatchClient } from '@aws-sdk/client-cloudwatch';
import { z } from 'zod';
import type { Erasures } from '../../../core/dsr/erasures.ts';
import type { Runtime } from '../../../core/lake/runtime.ts';
import type { MetricName } from '../../../core/monitoring/metrics.ts';
import { pipelines } from '../../../core/pipelines.ts';
import { defaultSettings } from '../../../core/settings.ts';
import { awsRuntime } from '../../../lambdas/lake/aws-runtime.ts';
import type { Task } from '../../../lambdas/lake/task.ts';
import { withAthena } from '../../../lambdas/lake/with-athena.ts';
import { withSink } from '../../../lambdas/lake/with-sink.ts';
import { synthesizeWorkflows } from '../../../lib/synthesize-workflows.ts';
import { StateMachines } from '../../../local/workflows/state-machines.ts';
import { erasingRuntime, erasureSettings } from '../dsr/erasing-runtime.ts';
import { type Asked, answering } from './answering.ts';
import { dynamoDouble } from './dynamo-double.ts';

const projectRoot = join(__dirname, '..', '..', '..');
const region = { region: 'eu-central-1', credentials: { accessKeyId: 'a', secretAccessKey: 'b' } };

/** How a statement stands each time that somebody looks; the last one stays. An error's code, or Athena's time limit, ends it as failed. */
export type Course = readonly (
  | 'QUEUED'
  | 'RUNNING'
  | 'SUCCEEDED'
  | 'CANCELLED'
  | 'LOST'
  | 'TIMED_OUT'
  | `${string}_${'ERROR' | 'NEEDED'}`
)[];

export interface Script {
  /** What becomes of a statement, by its text and how often it has been started before. Default: it succeeds at once. */
  readonly course?: (sql: string, before: number) => Course | undefined;
  /** What a finished query answers. Default: counts have one record, checks have none. */
  readonly rows?: (sql: string) => Record<string, string>[] | undefined;
  /** What a statement takes. Default: next to nothing. */
  readonly takes?: (sql: string) => { readonly bytes: number; readonly millis: number };
  /** What erasures need. Default: what AWS has, or what answers in its place. */
  readonly erasures?: Erasures;
  /** When an execution runs out of its time. Default: never. */
  readonly executionSeconds?: number;
  /** Throws instead of answering. Default: never. */
  readonly refuse?: (asked: Asked) => Error | undefined;
}

/** One measurement that a handler took. */
export interface Measurement {
  readonly name: MetricName;
  readonly value: number;
  readonly at: Date;
}

/** One call of AWS that a handler made. */
export interface Call {
  readonly handler: string;
  readonly service: 'athena' | 'dynamodb' | 'cloudwatch' | 'kms' | 's3' | 'glue' | 'sqs' | 'eventbridge';
  readonly operation: string;
  readonly input: unknown;
}

const started = z.object({ QueryString: z.string(), ClientRequestToken: z.string().min(32).max(128) });
const named = z.object({ QueryExecutionId: z.string() });

const synthesized = synthesizeWorkflows(pipelines);

/** The deployed lake with its state machines and handlers, where AWS answers as a script says. */
export function scriptedLake(script: Script = {}) {
  const lake = { now: new Date('2026-03-10T02:00:00Z') };
  const calls: Call[] = [];
  const entered: string[] = [];
  const statements = new Map<string, { sql: string; course: string[]; token: string }>();
  let handler = '';

  const athena = answering(new AthenaClient(region), (asked) => {
    calls.push({ handler, service: 'athena', ...asked });
    const refusal = script.refuse?.(asked);
    if (refusal !== undefined) throw refusal;
    return asked.operation === 'StartQueryExecution' ? start(asked.input) : look(asked);
  });
  const start = (input: unknown) => {
    const { QueryString: sql, ClientRequestToken: token } = started.parse(input);
    const known = [...statements].find(([, one]) => one.token === token);
    if (known !== undefined) return { QueryExecutionId: known[0] };
    const before = [...statements.values()].filter((one) => one.sql === sql).length;
    const id = `statement-${statements.size}`;
    statements.set(id, { sql, token, course: [...(script.course?.(sql, before) ?? ['SUCCEEDED'])] });
    return { QueryExecutionId: id };
  };
  const look = ({ operation, input }: Asked) => {
    const { QueryExecutionId } = named.parse(input);
    const statement = statements.get(QueryExecutionId);
    if (statement === undefined) throw new Error('nobody started that');
    if (operation === 'GetQueryResults') return results(statement.sql);
    const [state = 'SUCCEEDED'] = statement.course.length > 1 ? statement.course.splice(0, 1) : statement.course;
    const { bytes, millis } = script.takes?.(statement.sql) ?? { bytes: 10, millis: 20 };
    const reason = state === 'TIMED_OUT' ? 'Query timeout' : `${state}: secret-user-4711`;
    const failed = /_(ERROR|NEEDED|OUT)$/.test(state);
    return {
      QueryExecution: {
        Query: statement.sql,
        Status: { State: failed ? 'FAILED' : state, ...(failed ? { StateChangeReason: reason } : {}) },
        Statistics: { DataScannedInBytes: bytes, EngineExecutionTimeInMillis: millis },
      },
    };
  };
  const results = (sql: string) => {
    const rows = script.rows?.(sql) ?? defaultRows(sql, lake.now);
    const names = Object.keys(rows[0] ?? {});
    const cells = (values: readonly string[]) => ({ Data: values.map((VarCharValue) => ({ VarCharValue })) });
    return {
      UpdateCount: 1,
      ResultSet: {
        ResultSetMetadata: { ColumnInfo: names.map((Name) => ({ Name })) },
        Rows: [cells(names), ...rows.map((row) => cells(Object.values(row)))],
      },
    };
  };
  const cloudWatch = answering(new CloudWatchClient(region), (asked) => {
    calls.push({ handler, service: 'cloudwatch', ...asked });
    return { MetricDataResults: [] };
  });
  const dynamo = dynamoDouble((one) => {
    calls.push({ handler, service: 'dynamodb', ...one });
    const refusal = script.refuse?.(one);
    if (refusal !== undefined) throw refusal;
  });

  const settings = {
    environment: 'lethe',
    settings: defaultSettings,
    workGroup: 'lethe-pipeline',
    ledgerTable: 'runs',
    erasures: erasureSettings,
    sinkLag: { clusterName: 'events', consumerGroup: 'connect-lethe', topics: ['chat', 'tool'], commitMinutes: 5 },
  };
  const measured: Measurement[] = [];
  const base = awsRuntime({
    settings,
    dynamo,
    metric: (name, value) => measured.push({ name, value, at: lake.now }),
    now: () => lake.now,
    sleep: async () => undefined,
  });
  const readStatement = (name: string) => readFileSync(join(projectRoot, 'sql', `${name}.sql`), 'utf8');
  const asked = (service: Call['service']) => (one: Asked) => {
    calls.push({ handler, service, ...one });
    const refusal = script.refuse?.(one);
    if (refusal !== undefined) throw refusal;
  };
  const plain = withSink(withAthena(base, settings, { athena, readStatement }), settings, cloudWatch);
  const runtime: Runtime =
    script.erasures === undefined
      ? erasingRuntime(plain, settings, dynamo, asked)
      : { ...plain, erasures: script.erasures };
  const call = async (name: string, payload: unknown) => {
    // Nothing here waits for anything: without this a timer, such as an execution's limit, would never get its turn.
    await setImmediate();
    const { task } = (await import(join(projectRoot, 'lambdas', `${name}.ts`))) satisfies { task: Task };
    handler = name;
    return task.run(runtime, payload);
  };
  const machines = new StateMachines({
    workflows: { ...synthesized, machines: withoutWaiting(synthesized.machines, script.executionSeconds) },
    now: () => lake.now,
    onState: ({ state }) => void entered.push(state),
    call,
  });
  return Object.assign(lake, {
    machines,
    runtime,
    calls,
    entered,
    statements,
    measured,
    call,
    definitions: synthesized.machines,
  });
}

function defaultRows(sql: string, now: Date): Record<string, string>[] {
  if (sql.includes('valid-through-ts')) return [{ valid_through: now.toISOString() }];
  if (sql.includes('old_snapshots')) return measuredRows(sql);
  if (!sql.includes('record_count')) return [];
  const yesterday = new Date(now.getTime() - 86_400_000).toISOString().slice(0, 10);
  return [{ table_name: 'bronze_chat_events', period: yesterday, record_count: '12' }];
}

/** Each table that is measured has a day too many, files to join and a snapshot to let go; after that it is in order. */
function measuredRows(sql: string): Record<string, string>[] {
  const names = [...sql.matchAll(/'([a-z_]+)' as table_name/g)].map(([, name = '']) => name);
  const need = names.length > 1 ? '1' : '0';
  // What a partition is called: a grain, a month by its number since 1970, or a day.
  const partitions = (table: string): readonly [string, string] => {
    if (table === 'gold_data_quality') return ['670', '674'];
    return /^gold/.test(table) ? ['DAILY', 'WEEKLY'] : ['2026-01-20', '2026-05-19'];
  };
  return names.map((table_name) => {
    const [first_partition, last_partition] = partitions(table_name);
    const scattered = /^gold/.test(table_name) ? first_partition : '2026-04-20,2026-04-21';
    return {
      table_name,
      file_count: '12',
      total_bytes: '4096',
      most_files: '6',
      past_count: /^(bronze|silver)/.test(table_name) ? need : '0',
      ahead_count: '0',
      first_partition,
      last_partition,
      scattered: need === '0' ? '' : scattered,
      snapshot_count: '40',
      old_snapshots: need === '0' ? '0' : '30',
    };
  });
}

/** The same machines, whose Wait states are over at once and whose retries come soon: tests have no time. */
function withoutWaiting(machines: Readonly<Record<string, string>>, executionSeconds?: number): Record<string, string> {
  return Object.fromEntries(
    Object.entries(machines).map(([name, text]) => [
      name,
      JSON.stringify(
        JSON.parse(text, (key, value: unknown) => {
          // Only a whole state machine has a limit of its own here.
          if (key === 'TimeoutSeconds') return executionSeconds ?? value;
          if (key === 'IntervalSeconds') return 1;
          if (key === 'BackoffRate') return 1;
          if (typeof value !== 'object' || value === null || !('Type' in value) || value.Type !== 'Wait') return value;
          return { Type: 'Wait', Seconds: 0, ...('Next' in value ? { Next: value.Next } : { End: true }) };
        }),
      ),
    ]),
  );
}

/** The names of all tasks of some workflows' state machines. */
export function taskNames(workflows: readonly string[]): Set<string> {
  const names = new Set<string>();
  for (const workflow of workflows) {
    JSON.parse(synthesized.machines[workflow] ?? '{}', (key, value: unknown) => {
      if (key !== 'States' || typeof value !== 'object' || value === null) return value;
      for (const [name, state] of Object.entries(value)) if (state.Type === 'Task') names.add(name);
      return value;
    });
  }
  return names;
}
