import { cpus, loadavg } from 'node:os';
import { parseArgs } from 'node:util';
import { bronzeChatEvents, bronzeToolCalls } from '../core/chat/tables.ts';
import { addDays, dateOf } from '../core/window.ts';
import { type ErasingTrinoLake, openErasingTrinoLake } from '../test/dsr/erasing-trino-lake.ts';
import endStack from '../test/stack/end-stack.ts';
import startStack from '../test/stack/start-stack.ts';
import { fillStatements, type LakeSize, peopleOf, personId } from './erasure/fill-lake.ts';
import { dataFiles, type ErasureCost, measureErasure } from './erasure/measure-batches.ts';
import { erasureTable, type FullRewrite, type IdentifierColumns } from './erasure/report.ts';
import { wholeNumber } from './whole-number.ts';

// What it costs to erase people from Iceberg on Trino, in batches, one by one, and beside writing the same days whole:
// npm run bench:erasure -- --days 45 --events 200000 --batches 1,10,100,1000 --singles 10

const { values } = parseArgs({
  options: {
    days: { type: 'string', default: '45' },
    events: { type: 'string', default: '200000' },
    batches: { type: 'string', default: '1,10,100,1000' },
    singles: { type: 'string', default: '10' },
  },
});

const days = wholeNumber('--days', values.days);
const size: LakeSize = {
  firstDay: addDays(dateOf(Date.now()), -days),
  days,
  eventsPerDay: wholeNumber('--events', values.events),
};
const batches = values.batches.split(',').map((text) => wholeNumber('--batches', text));
const singles = wholeNumber('--singles', values.singles);
const tables = [bronzeChatEvents, bronzeToolCalls];

function report(line: string): void {
  console.error(`${new Date().toISOString().slice(11, 19)}, load ${loadavg()[0]?.toFixed(1)}: ${line}`);
}

async function fill(lake: ErasingTrinoLake): Promise<void> {
  for (const [n, statement] of fillStatements(size).entries()) {
    await lake.trino(statement);
    if (n % 20 === 19) report(`${(n + 1) / 2} of ${size.days} days filled`);
  }
  // As maintenance leaves settled days: few files, none of them small.
  for (const { name } of tables) await lake.trino(`alter table ${name} execute optimize`);
}

/** Writes days of both tables whole, as somebody would who has no row-level deletes. */
async function rewriteWhole(lake: ErasingTrinoLake, dates: readonly string[]): Promise<FullRewrite> {
  const before = await dataFiles(lake.s3, lake.bucket);
  const list = dates.map((date) => `date '${date}'`).join(', ');
  const began = performance.now();
  for (const { name } of tables) {
    await lake.trino(
      `create table ${name}_whole with (partitioning = array['dt'], location = 's3://${lake.bucket}/tables/whole/${name}-${Date.now()}') as select * from ${name} where dt in (${list})`,
    );
  }
  const seconds = (performance.now() - began) / 1_000;
  const after = await dataFiles(lake.s3, lake.bucket);
  let bytes = 0;
  for (const [key, fileBytes] of after) if (!before.has(key)) bytes += fileBytes;
  for (const { name } of tables) await lake.trino(`drop table ${name}_whole`);
  return { seconds, bytes };
}

async function identifierColumns(lake: ErasingTrinoLake, dates: readonly string[]): Promise<IdentifierColumns> {
  const list = dates.map((date) => `date '${date}'`).join(', ');
  const found = { files: 0, bytes: 0 };
  for (const table of tables) {
    // Iceberg numbers a table's columns from 1 on, in the order in which it was made with them.
    const field = table.columns.findIndex(({ identifies }) => identifies?.kind === 'user') + 1;
    const result = await lake.trino(
      `select count(*), coalesce(sum(element_at(column_sizes, ${field})), 0) from "${table.name}$files" where content = 0 and partition.dt in (${list})`,
    );
    found.files += Number(result[0]?.[0]);
    found.bytes += Number(result[0]?.[1]);
  }
  return found;
}

await startStack();
const lake = await openErasingTrinoLake({ settings: { minimumUsersPerCell: 1 } });
try {
  await fill(lake);
  const taken = new Set<number>();
  /** People from all over the lake, whom no call before has given. */
  const people = (count: number) =>
    Array.from({ length: count }, (_, at) => {
      let person = Math.floor(((at + 0.5) / count) * peopleOf(size));
      while (taken.has(person)) person += 1;
      taken.add(person);
      return personId(person);
    });
  const erasures: ErasureCost[] = [];
  const rewrites: FullRewrite[] = [];
  const identifiers: IdentifierColumns[] = [];
  for (const groups of [...batches.map((count) => [people(count)]), people(singles).map((person) => [person])]) {
    const cost = await measureErasure(lake, groups);
    report(
      `${cost.people} people in ${cost.batches} batches: ${cost.rows} rows of ${cost.days.length} days, ${cost.tickSeconds.toFixed(0)} s`,
    );
    erasures.push(cost);
    identifiers.push(await identifierColumns(lake, cost.days));
    rewrites.push(await rewriteWhole(lake, cost.days));
  }
  console.log(
    `${cpus().length} cores (${cpus()[0]?.model ?? 'unknown'}), ${size.days} days of ${size.eventsPerDay} events\n`,
  );
  console.log(erasureTable(erasures, rewrites, identifiers));
} finally {
  await lake.close();
  await endStack();
}
