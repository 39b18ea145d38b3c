import { randomUUID } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { ListQueryExecutionsCommand, StopQueryExecutionCommand } from '@aws-sdk/client-athena';
import type { Table } from '../../core/catalogue/table.ts';
import { chatPipeline } from '../../core/chat/pipeline.ts';
import { chatTables } from '../../core/chat/tables.ts';
import type { Step, Workflow } from '../../core/lake/pipeline.ts';
import { lookAtStatement, startStatement } from '../../core/lake/run-statement.ts';
import { takeTurn } from '../../core/lake/turn.ts';
import { addDays, dateOf, type Window } from '../../core/window.ts';
import { installArtifacts } from '../../stack/artifacts/install-artifacts.ts';
import { untilSinkRuns } from '../../stack/bronze-sink.ts';
import { Stack } from '../../stack/stack.ts';
import { diff } from '../oracle/compare.ts';
import { type OracleInput, oracle } from '../oracle/oracle.ts';
import { seededInput } from '../oracle/random-events.ts';
import { openSinkLake, type SinkLake } from './sink-lake.ts';
import { openTrinoLake, type TrinoLake } from './trino-lake.ts';

/** A stack of its own, since its parts are killed. */
let stack: Stack;
const directory = mkdtempSync(join(tmpdir(), 'lethe-faults-'));
beforeAll(async () => {
  stack = await Stack.start({
    artifacts: await installArtifacts(process.env),
    directory,
    environment: process.env,
  });
}, 600_000);
afterAll(async () => {
  await stack.close();
  rmSync(directory, { recursive: true, force: true });
});

describe('the sink loses nothing and doubles nothing', () => {
  let lake: SinkLake;
  const perSecond = 400;
  const records = Array.from({ length: 30_000 }, (_, at) =>
    JSON.stringify({
      chat_id: `chat-${at}`,
      user_id: `user-${at % 97}`,
      room_id: `room-${at % 31}`,
      timestamp: new Date(Date.UTC(2026, 0, 6) + at * 1_000).toISOString(),
      prompt_tokens: at,
    }),
  );

  test('when its worker dies before its first commit, with its records counted as read', async () => {
    const { connectUrl, awsUrl, athenaUrl, bootstrapServers } = stack;
    const log = join(directory, 'logs', 'connect-worker.log');
    const logged = () => readFileSync(log, 'utf8').slice(from);
    const untilLogged = async (...texts: readonly string[]) => {
      const inOrder = new RegExp(texts.join('[^]*'));
      for (const deadline = Date.now() + 90_000; !inOrder.test(logged()); await sleep(20)) {
        if (Date.now() > deadline) throw new Error(`the sink has not logged ${texts.join(', ')}`);
      }
    };
    const from = readFileSync(log, 'utf8').length;
    lake = await openSinkLake({
      stack: { connectUrl, awsUrl, athenaUrl, bootstrapServers },
      waiting: records.slice(0, 1_000),
      // Time to look before the first commit.
      commitSeconds: 15,
    });
    const written = 'Sending event of type: DATA_WRITTEN';
    await untilLogged(written);
    // The files are written, the table is yet to take them in.
    process.kill(stack.pidOf('aws-emulator'), 'SIGSTOP');
    try {
      await untilLogged(written, 'ready, received responses for all');
      expect(logged()).not.toContain('completed commit');
      await stack.killPart('connect-worker');
    } finally {
      process.kill(stack.pidOf('aws-emulator'), 'SIGCONT');
    }
    expect(await lake.kafka.lag(`connect-${lake.sink}`, [lake.topicNames.chat])).toBe(0);
    expect(await lake.query('select count(*) as stored from bronze_chat_events')).toEqual([{ stored: '0' }]);
    await stack.startPart('connect-worker');
    await lake.untilStored(1_000, 240);
    await lake.close();
  }, 480_000);

  test('when its worker is killed three times and the broker once, the catalogue stands still, and another writes', async () => {
    const { connectUrl, awsUrl, athenaUrl, bootstrapServers } = stack;
    lake = await openSinkLake({ stack: { connectUrl, awsUrl, athenaUrl, bootstrapServers } });
    const sent = lake.send('chat', records, perSecond);
    for (const _ of [1, 2, 3]) {
      await sleep(8_000);
      await stack.killPart('connect-worker');
      await stack.startPart('connect-worker');
      await lake.query(
        `insert into bronze_chat_events (chat_id, user_id, dt) values ('foreign', 'foreign', date '2026-01-06')`,
      );
      await untilSinkRuns(stack.connectUrl, lake.sink);
      await lake.query(`delete from bronze_chat_events where user_id = 'foreign' and dt = date '2026-01-06'`);
    }
    await stack.killPart('kafka-broker');
    await stack.startPart('kafka-broker');
    process.kill(stack.pidOf('aws-emulator'), 'SIGSTOP');
    await sleep(40_000);
    process.kill(stack.pidOf('aws-emulator'), 'SIGCONT');
    await sent;
    await lake.untilStored(records.length, 240);
    const [found] = await lake.query(
      `select count(distinct chat_id) as ids, sum(prompt_tokens) as tokens from bronze_chat_events`,
    );
    expect(found).toEqual({ ids: '30000', tokens: String((29_999 * 30_000) / 2) });
    await lake.close();
  }, 900_000);
});

describe('a build ends as it would have without', () => {
  const input = seededInput(20260107, { messages: 200, toolCalls: 100 });

  async function filled(): Promise<TrinoLake> {
    const lake = await openTrinoLake({
      athenaUrl: stack.athenaUrl,
      location: 's3://lethe-lake/faults',
      settings: input.settings,
      at: input.arrival,
    });
    await lake.ingest('chat', input.chat);
    await lake.ingest('tool', input.tool);
    return lake;
  }

  test('an engine that restarts in its middle', async () => {
    const lake = await filled();
    const run = lake.run('backfill', input.silverDays);
    await sleep(4_000);
    await stack.killPart('trino');
    await stack.startPart('trino');
    await run;
    expect(await differencesFromOracle(input, lake)).toEqual([]);
    await lake.close();
  }, 600_000);

  test('statements that somebody cancels', async () => {
    const lake = await filled();
    let ended = false;
    const run = lake.run('backfill', input.silverDays).finally(() => {
      ended = true;
    });
    let cancelled = 0;
    for (; cancelled < 3 && !ended; cancelled++) {
      await sleep(1_500);
      const { QueryExecutionIds: ids = [] } = await lake.athena.send(new ListQueryExecutionsCommand({ MaxResults: 1 }));
      await lake.athena.send(new StopQueryExecutionCommand({ QueryExecutionId: ids[0] }));
    }
    await run;
    expect(cancelled).toBe(3);
    expect(await differencesFromOracle(input, lake)).toEqual([]);
    await lake.close();
  }, 600_000);

  test('two starts of the same days at once', async () => {
    const lake = await filled();
    const starts = await Promise.allSettled([1, 2].map(() => lake.run('backfill', input.silverDays)));
    expect(starts.map(({ status }) => status)).toContain('fulfilled');
    if (starts.some(({ status }) => status === 'rejected')) await lake.run('backfill', input.silverDays);
    expect(await differencesFromOracle(input, lake)).toEqual([]);
    await lake.close();
  }, 600_000);

  test('another writer that commits to each table while it is built', async () => {
    const lake = await filled();
    await lake.run('backfill', input.silverDays);
    const window: Window = { grain: 'day', from: input.silverDays.from, to: addDays(input.silverDays.from, 1) };
    const met: string[] = [];
    for (const workflow of chatPipeline.workflows.filter(({ grain }) => grain === 'day')) {
      // Calls of the days beside a window do not change when something is added to the window.
      for (const step of workflow.steps.filter(({ scope }) => scope !== 'neighbours')) {
        expect([step.statement, await conflictsMet(lake, workflow, step, window)]).toEqual([step.statement, true]);
        met.push(step.table.name);
      }
    }
    expect(new Set(met).size).toBe(chatTables.filter(({ layer }) => layer !== 'bronze').length - 1);
    await lake.run('backfill', input.silverDays);
    expect(await differencesFromOracle(input, lake)).toEqual([]);
    await lake.close();
  }, 600_000);

  test('records of three days before, found by a scheduled run', async () => {
    const last = addDays(dateOf(input.arrival.getTime()), -1);
    const late = addDays(last, -2);
    const line = (id: string, day: string) =>
      JSON.stringify({
        chat_id: id,
        user_id: `user-${id}`,
        room_id: 'r',
        timestamp: `${day}T08:00:00Z`,
        platform: 'web',
      });
    const lake = await openTrinoLake({
      athenaUrl: stack.athenaUrl,
      location: 's3://lethe-lake/faults',
      settings: { minimumUsersPerCell: 1 },
      at: input.arrival,
    });
    const scheduled = async () => {
      for (const workflow of ['silver-daily', 'gold-daily']) await lake.run(workflow, { mode: 'scheduled' });
    };
    const shown = async () =>
      (
        await lake.query(`select period_start, active_users from gold_time_series where platform = 'All' order by 1`)
      ).map((row) => Object.values(row).join(' '));
    await lake.ingest(
      'chat',
      [late, addDays(late, 1), last].map((day) => line(day, day)),
    );
    await scheduled();
    await lake.ingest('chat', [line('late', late)]);
    await scheduled();
    expect(await shown()).toEqual([`${late} 2`, `${addDays(late, 1)} 1`, `${last} 1`]);
    const before = await lake.query('select count(*) as snapshots from "silver_messages$snapshots"');
    await scheduled();
    expect(await lake.query('select count(*) as snapshots from "silver_messages$snapshots"')).toEqual(before);
    await lake.close();
  }, 600_000);
});

/**
 * Builds a step while others add rows to its table, until the statement has met a conflict and gone through all the same.
 * Says whether it has, within a few runs. A row that is there before gives the statement something to commit.
 */
async function conflictsMet(lake: TrinoLake, workflow: Workflow, step: Step, window: Window): Promise<boolean> {
  for (let attempt = 0; attempt < 8; attempt++) {
    // An engine takes a token once: another run would find this one's statements.
    const run = `rival-${randomUUID()}`;
    const request = { run, pipeline: chatPipeline.name, workflow: workflow.name, window, statement: step.statement };
    const failed = async () =>
      (await lake.runtime.ledger.statementsOf(run)).some(
        ({ outcome, code }) => outcome === 'failed' && code === conflict,
      );
    await takeTurn(lake.runtime, run, workflow);
    await lake.query(foreignRow(step.table, window));
    let ended = false;
    const writers = [1, 2].map(async () => {
      while (!ended && !(await failed())) await lake.query(foreignRow(step.table, window)).catch(onlyConflicts);
    });
    try {
      let progress = await startStatement(lake.runtime, request);
      while (progress.state !== 'succeeded') {
        await sleep(progress.waitSeconds * 100);
        progress =
          progress.state === 'running'
            ? await lookAtStatement(lake.runtime, { ...request, id: progress.id })
            : await startStatement(lake.runtime, request);
      }
    } finally {
      ended = true;
      await Promise.all(writers);
      await lake.runtime.ledger.giveTurnBack(run);
    }
    await lake.query(withoutForeignRows(step.table));
    if (await failed()) return true;
  }
  return false;
}

const conflict = 'ICEBERG_COMMIT_ERROR';

function onlyConflicts(error: unknown): void {
  if (!String(error).includes(conflict)) throw error;
}

let rivals = 0;

/** A row that no source has, with a key of its own, among those that a step of the window describes. */
function foreignRow(table: Table, { from }: Window): string {
  rivals += 1;
  const values = table.columns.map(({ name, type }) => {
    if (name === table.periodGrain) return `'DAILY'`;
    if (type === 'string') return `'rival-${rivals}'`;
    if (type === 'date') return `date '${from}'`;
    return type === 'timestamp' ? `timestamp '${from} 12:00:00.000000'` : `cast(7 as ${type})`;
  });
  return `insert into "${table.name}" values (${values.join(', ')})`;
}

function withoutForeignRows(table: Table): string {
  const text = table.columns.find(({ name, type }) => type === 'string' && name !== table.periodGrain);
  return `delete from "${table.name}" where "${text?.name}" like 'rival-%'`;
}

async function differencesFromOracle(input: OracleInput, lake: TrinoLake): Promise<string[]> {
  const expected = oracle(input).tables;
  const tables = await lake.tables();
  return chatTables.flatMap((table) => {
    const rows = expected[table.name];
    if (rows === undefined) return [];
    return diff(rows, tables[table.name] ?? [], table.grain).map((line) => `${table.name}: ${line}`);
  });
}
