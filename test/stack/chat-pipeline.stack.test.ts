import { chatTables } from '../../core/chat/tables.ts';
import { chatCases, differences } from '../oracle/chat-cases.ts';
import { diff } from '../oracle/compare.ts';
import { type OracleInput, oracle } from '../oracle/oracle.ts';
import { seededInput } from '../oracle/random-events.ts';
import { stackAddresses } from './stack-addresses.ts';
import { openTrinoLake, type TrinoLake } from './trino-lake.ts';

/** A lake that holds what the pipeline makes of events on Trino: ingested in two statements a topic, built by a backfill. */
async function built(input: OracleInput): Promise<TrinoLake> {
  const lake = await openTrinoLake({
    athenaUrl: stackAddresses().athenaUrl,
    location: 's3://lethe-lake/cases',
    settings: input.settings,
    at: input.arrival,
  });
  for (const [topic, lines] of [
    ['chat', input.chat],
    ['tool', input.tool],
  ] as const) {
    const half = Math.floor(lines.length / 2);
    await lake.ingest(topic, lines.slice(0, half));
    await lake.ingest(topic, lines.slice(half));
  }
  await lake.run('backfill', input.silverDays);
  return lake;
}

describe('the chat pipeline on Trino and Iceberg', () => {
  // Most of a case is waiting for one small statement after the other: three at once take little longer than one.
  const cases = chatCases().map((chatCase) => ({ chatCase, tables: Promise.withResolvers<string[]>() }));
  beforeAll(async () => {
    const waiting = [...cases];
    const work = async () => {
      for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
        const { chatCase, tables } = next;
        await built(chatCase.input)
          .then(async (lake) => tables.resolve(differences(chatCase, await lake.tables())))
          .catch((error: unknown) => tables.resolve([String(error)]));
      }
    };
    await Promise.all([work(), work(), work()]);
  }, 600_000);

  test.each(cases)('builds what was worked out by hand: $chatCase.name', async ({ tables }) => {
    expect(await tables.promise).toEqual([]);
  });
});

describe('random events on Trino and Iceberg', () => {
  test('come to what the second reading of the contract says, and a second build makes no snapshot of any table', async () => {
    const input = seededInput(20260105, { messages: 600, toolCalls: 300 });
    const lake = await built(input);
    const expected = oracle(input).tables;
    const tables = await lake.tables();
    for (const table of chatTables) {
      const rows = expected[table.name];
      if (rows !== undefined)
        expect([table.name, ...diff(rows, tables[table.name] ?? [], table.grain)]).toEqual([table.name]);
    }
    const before = await snapshotCounts(lake);
    await lake.run('backfill', input.silverDays);
    expect(await snapshotCounts(lake)).toEqual(before);
    await lake.close();
  }, 600_000);
});

/** Snapshots by table. */
async function snapshotCounts(lake: TrinoLake): Promise<Record<string, string | null | undefined>> {
  const counts: Record<string, string | null | undefined> = {};
  for (const { name } of chatTables) {
    counts[name] = (await lake.query(`select count(*) as snapshots from "${name}$snapshots"`))[0]?.snapshots;
  }
  return counts;
}
