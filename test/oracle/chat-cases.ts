import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { chatTables } from '../../core/chat/tables.ts';
import { canonical, diff } from './compare.ts';
import type { OracleInput } from './oracle.ts';
import type { Tables } from './row.ts';

const folder = join(process.cwd(), 'test/sql/chat');

const cell = z.union([z.string(), z.number(), z.null()]);
const day = z.iso.date();

const inputSchema = z.strictObject({
  settings: z
    .strictObject({
      weekStart: z.enum(['monday', 'sunday']).default('monday'),
      minimumUsersPerCell: z.int().default(1),
      platforms: z.array(z.string()).exactOptional(),
    })
    .prefault({}),
  silverDays: z.strictObject({ from: day, to: day }),
});

const expectedSchema = z.array(
  z.strictObject({
    table: z.string(),
    /** Which rows are meant: a column's value, or one of several. */
    where: z.record(z.string(), z.union([cell, z.array(cell)])).default({}),
    /** All the rows that `where` leaves, with the columns that the case is about. */
    rows: z.array(z.record(z.string(), cell)),
  }),
);

/** A folder of test/sql/chat: events, and rows worked out by hand in its README. */
export interface ChatCase {
  readonly name: string;
  readonly input: OracleInput;
  readonly expected: z.infer<typeof expectedSchema>;
}

/** Every case, by name. Silver and gold are built for the same days; records arrive two days after the last. */
export function chatCases(): ChatCase[] {
  return readdirSync(folder).toSorted().map(readCase);
}

/** Says how tables differ from what a case expects of them; empty when they agree. */
export function differences(chatCase: ChatCase, tables: Tables): string[] {
  return chatCase.expected.flatMap(({ table: name, where, rows }) => {
    const table = chatTables.find((candidate) => candidate.name === name);
    if (table === undefined) throw new Error(`${chatCase.name}: there is no table ${name}`);
    const isMeant = (row: Tables[string][number]) =>
      Object.entries(where).every(([column, wanted]) => [wanted].flat().includes(plain(row[column])));
    const keys = table.grain.filter((column) => rows.every((row) => column in row));
    const found = (tables[name] ?? []).filter(isMeant);
    return diff(canonical(table, rows), found, keys).map((line) => `${name}: ${line}`);
  });
}

function plain(value: string | number | bigint | null | undefined): string | number | null {
  return typeof value === 'bigint' ? Number(value) : (value ?? null);
}

function readCase(name: string): ChatCase {
  const read = (file: string) => readFileSync(join(folder, name, file), 'utf8');
  const { settings, silverDays } = inputSchema.parse(JSON.parse(read('case.json')));
  const arrival = new Date(Date.parse(`${silverDays.to}T12:00:00Z`) + 2 * 86_400_000);
  const input = {
    chat: read('chat.ndjson').split('\n'),
    tool: read('tool.ndjson').split('\n'),
    settings,
    silverDays,
    goldFrom: silverDays.from,
    goldThrough: silverDays.to,
    arrival,
  };
  return { name, input, expected: expectedSchema.parse(JSON.parse(read('expected.json'))) };
}
