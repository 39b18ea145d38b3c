import { chatTables } from '../../core/chat/tables.ts';
import { type EmbeddedLake, openLake } from '../local/embedded-lake.ts';
import { diff } from '../oracle/compare.ts';
import { type OracleInput, oracle } from '../oracle/oracle.ts';
import { seededInput } from '../oracle/random-events.ts';

/** Events that tests of building again have in common. */
export const input = seededInput(11, { messages: 200, toolCalls: 120 });

/** A lake that holds them in bronze, with nothing built yet. */
export async function filled(
  input: OracleInput,
  minimumUsersPerCell = input.settings.minimumUsersPerCell,
): Promise<EmbeddedLake> {
  const lake = await openLake({ ...input.settings, minimumUsersPerCell }, { at: input.arrival });
  await lake.ingest('chat', input.chat);
  await lake.ingest('tool', input.tool);
  return lake;
}

/** How a lake's tables differ from what the second reading of the contract says. */
export async function differences(lake: EmbeddedLake, input: OracleInput): Promise<string[]> {
  const expected = oracle(input).tables;
  const found = await lake.tables();
  return chatTables.flatMap(({ name, grain }) => {
    const rows = expected[name];
    return rows === undefined ? [] : diff(rows, found[name] ?? [], grain).map((line) => `${name}: ${line}`);
  });
}
