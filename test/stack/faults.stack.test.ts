import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { ListQueryExecutionsCommand, StopQueryExecutionCommand } from '@aws-sdk/client-athena';
import { chatTables } from '../../core/chat/tables.ts';
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
});

async function differencesFromOracle(input: OracleInput, lake: TrinoLake): Promise<string[]> {
  const expected = oracle(input).tables;
  const tables = await lake.tables();
  return chatTables.flatMap((table) => {
    const rows = expected[table.name];
    if (rows === undefined) return [];
    return diff(rows, tables[table.name] ?? [], table.grain).map((line) => `${table.name}: ${line}`);
  });
}
