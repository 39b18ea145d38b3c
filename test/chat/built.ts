import { chatTables } from '../../core/chat/tables.ts';
import { openLake } from '../local/embedded-lake.ts';
import { diff } from '../oracle/compare.ts';
import { type OracleInput, oracle } from '../oracle/oracle.ts';
import type { Tables } from '../oracle/row.ts';

/** What the real pipeline makes of events: ingested in two files a topic, built by a backfill. */
export async function built(input: OracleInput): Promise<Tables> {
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
export function differencesFromOracle(input: OracleInput, tables: Tables): string[] {
  const expected = oracle(input).tables;
  return chatTables.flatMap((table) => {
    const rows = expected[table.name];
    if (rows === undefined) return [];
    return diff(rows, tables[table.name] ?? [], table.grain).map((line) => `${table.name}: ${line}`);
  });
}
