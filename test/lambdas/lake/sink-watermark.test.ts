import { CloudWatchClient } from '@aws-sdk/client-cloudwatch';
import { chatPipeline } from '../../../core/chat/pipeline.ts';
import { askEngine } from '../../../core/lake/ask-engine.ts';
import type { Engine } from '../../../core/lake/engine.ts';
import { parseStatement } from '../../../core/sql/statement.ts';
import { lastWithoutLag } from '../../../lambdas/lake/sink-lag.ts';
import { sinkWatermark } from '../../../lambdas/lake/sink-watermark.ts';
import { answering } from './answering.ts';

const now = new Date('2026-05-20T02:00:00Z');
const at = (time: string) => new Date(`2026-05-20T${time}:00Z`);

/** CloudWatch with a measurement every five minutes of two topics, as (time, lag); it keeps to the range it is asked for. */
function measured(commitMinutes: number, lags: Readonly<Record<'chat' | 'tool', readonly [string, number][]>>) {
  const client = answering(new CloudWatchClient({ region: 'eu-west-1' }), ({ input }) => {
    const { EndTime } = input as { EndTime: Date };
    return {
      MetricDataResults: (['chat', 'tool'] as const).map((topic, index) => {
        const within = lags[topic].filter(([time]) => at(time) < EndTime);
        return {
          Id: `lag${index}`,
          Timestamps: within.map(([time]) => at(time)),
          Values: within.map(([, lag]) => lag),
        };
      }),
    };
  });
  return { client, clusterName: 'events', consumerGroup: 'connect-lethe', topics: ['chat', 'tool'], commitMinutes };
}

const idleSince = (time: string): [string, number][] =>
  ['00:30', '00:55', '01:20', '01:40', '01:50'].map((each) => [each, each >= time ? 0 : 7]);

describe('the last time without lag', () => {
  test('is one at which no topic had any', async () => {
    const lags = { chat: idleSince('00:30'), tool: [...idleSince('01:50'), ['00:55', 0] as [string, number]] };
    expect(new Date(await lastWithoutLag(measured(5, lags), now))).toEqual(at('00:55'));
  });

  test('leaves the sink the time for two of its commits and five minutes', async () => {
    const lags = { chat: idleSince('00:30'), tool: idleSince('00:30') };
    expect(new Date(await lastWithoutLag(measured(5, lags), now))).toEqual(at('01:40'));
    expect(new Date(await lastWithoutLag(measured(20, lags), now))).toEqual(at('00:55'));
  });

  test('is never when there was none', async () => {
    const lags = { chat: idleSince('00:30'), tool: [] };
    expect(await lastWithoutLag(measured(5, lags), now)).toBe(0);
  });
});

test('a question that cannot be answered is asked again while that can pass, and is never an answer', async () => {
  const statistics = { bytesScanned: 0, engineMillis: 0 };
  const failing = (passing: boolean) => {
    const tokens: string[] = [];
    const engine: Engine = {
      start: async (_, token) => String(tokens.push(token)),
      status: async () => ({ state: 'failed', code: 'SOME_ERROR', passing, statistics }),
      rows: async () => [],
      allRows: async () => [],
      rowsChanged: async () => 0,
    };
    return { tokens, ask: () => askEngine({ engine, sleep: async () => undefined }, 'select 1', 'question') };
  };
  const [passing, final] = [failing(true), failing(false)];
  await expect(passing.ask()).rejects.toThrow('SOME_ERROR');
  await expect(final.ask()).rejects.toThrow('SOME_ERROR');
  expect([new Set(passing.tokens).size, final.tokens.length]).toEqual([3, 1]);
});

describe('the watermark', () => {
  /** Of a lake whose snapshots say how far the sink came, or nothing. */
  const watermark = (validThrough: string | Readonly<Record<string, string>>, lag?: ReturnType<typeof measured>) => {
    const statement = parseStatement(
      'a',
      '-- A.\n-- grain: none\n-- params: snapshots identifier, since timestamp\n{{snapshots}} {{since}}',
    );
    const status = { state: 'succeeded', statistics: { bytesScanned: 0, engineMillis: 0 } } as const;
    const saidOf = (table: string) => (typeof validThrough === 'string' ? validThrough : validThrough[table]) ?? '';
    const engine = {
      start: async (sql: string) => sql,
      status: async () => status,
      rows: async (sql: string) => [{ valid_through: saidOf(/"(\w+)\$/.exec(sql)?.[1] ?? '') }],
      allRows: async () => [],
      rowsChanged: async () => 0,
    };
    const props = { engine, statement: () => statement, now: () => now, sleep: async () => undefined };
    return sinkWatermark({ ...props, ...(lag === undefined ? {} : { lag }) })(chatPipeline);
  };

  test('is that of the topic that is furthest behind', async () => {
    expect(
      await watermark({ bronze_chat_events: '2026-05-20T01:00:00Z', bronze_tool_calls: '2026-05-20T00:30:00Z' }),
    ).toEqual(at('00:30'));
  });

  test('is the later of what snapshots say and of the last time without lag', async () => {
    const lags = measured(5, { chat: idleSince('00:30'), tool: idleSince('00:30') });
    expect(await watermark('2026-05-20T01:59:00Z', lags)).toEqual(at('01:59'));
    expect(await watermark('', lags)).toEqual(at('01:40'));
    expect(await watermark('', measured(5, { chat: [], tool: [] }))).toEqual(new Date(0));
  });

  test('is what snapshots say where there is no Kafka, and the clock where they say nothing', async () => {
    expect(await watermark('2026-05-20T01:00:00Z')).toEqual(at('01:00'));
    expect(await watermark('')).toEqual(now);
  });
});
