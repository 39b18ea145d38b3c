import fc from 'fast-check';
import { chatTables } from '../../core/chat/tables.ts';
import { openLake } from '../local/embedded-lake.ts';
import { chatCases, differences } from '../oracle/chat-cases.ts';
import { diff } from '../oracle/compare.ts';
import { type OracleInput, oracle } from '../oracle/oracle.ts';
import { adversarialInput, redelivered } from '../oracle/random-events.ts';
import type { Tables } from '../oracle/row.ts';

/** What the real pipeline makes of events: ingested in two files a topic, built by a backfill. */
async function built(input: OracleInput): Promise<Tables> {
  const { settings, silverDays } = input;
  const lake = await openLake(settings, { at: input.arrival });
  try {
    for (const [topic, lines] of [
      ['chat', input.chat],
      ['tool', input.tool],
    ] as const) {
      const half = Math.floor(lines.length / 2);
      await lake.ingest(topic, lines.slice(0, half));
      await lake.ingest(topic, lines.slice(half));
    }
    await lake.session.run('backfill', silverDays);
    return await lake.tables();
  } finally {
    await lake.close();
  }
}

/** How tables differ from what the second reading of the contract says. */
function differencesFromOracle(input: OracleInput, tables: Tables): string[] {
  const expected = oracle(input).tables;
  return chatTables.flatMap((table) => {
    const rows = expected[table.name];
    if (rows === undefined) return [];
    return diff(rows, tables[table.name] ?? [], table.grain).map((line) => `${table.name}: ${line}`);
  });
}

describe('the chat pipeline', () => {
  test.each(chatCases())('builds what was worked out by hand: $name', async (chatCase) => {
    expect(differences(chatCase, await built(chatCase.input))).toEqual([]);
  });

  test('builds what the second reading of the contract says, for awkward events', async () => {
    await fc.assert(
      fc.asyncProperty(adversarialInput({ messages: 150, toolCalls: 80 }), async (input) => {
        expect(differencesFromOracle(input, await built(input))).toEqual([]);
      }),
      { numRuns: 8, seed: 20260105, endOnFailure: true },
    );
  }, 60_000);

  test('builds the same tables from the same events in any order, each delivered up to three times', async () => {
    const pairs = adversarialInput({ messages: 80, toolCalls: 40 }).chain((input) =>
      redelivered(input).map((again) => ({ input, again })),
    );
    await fc.assert(
      fc.asyncProperty(pairs, async ({ input, again }) => {
        expect(differencesFromOracle(input, await built(again))).toEqual([]);
      }),
      { numRuns: 4, seed: 20260106, endOnFailure: true },
    );
  }, 60_000);
});
