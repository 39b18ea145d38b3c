import type { DuckDBConnection } from '@duckdb/node-api';
import { EngineError } from './engine.ts';
import { quoteName, quoteString } from './sql-text.ts';
import { noteText, type TableShape } from './table-shape.ts';

/** A deleted row stays in its block until the table is written anew: this does that, in one transaction. */
export async function rewriteTable(duckdb: DuckDBConnection, shape: TableShape): Promise<void> {
  const name = `awsdatacatalog.${quoteName(shape.database)}.${quoteName(shape.name)}`;
  // CREATE OR REPLACE loses the comment, which holds what the catalogue says of the table.
  const statements = [
    'begin',
    `create or replace table ${name} as select * from ${name}`,
    `comment on table ${name} is ${quoteString(noteText(shape))}`,
    'commit',
  ];
  try {
    for (const sql of statements) await duckdb.run(sql);
  } catch (error) {
    await duckdb.run('rollback').catch(() => undefined);
    throw error;
  }
}

/** Whether the blocks of a table hold rows that were deleted from it. */
export async function storesDeletedRows(duckdb: DuckDBConnection, shape: TableShape): Promise<boolean> {
  const name = `${quoteName(shape.database)}.${quoteName(shape.name)}`;
  const answer = await duckdb.runAndReadAll(
    `select (select count(*) from awsdatacatalog.${name}), coalesce(sum(count), 0)
     from pragma_storage_info(${quoteString(`awsdatacatalog.${name}`)})
     where column_id = 0 and segment_type <> 'VALIDITY'`,
  );
  const [live, stored] = answer.getRows()[0] ?? [];
  return Number(stored) > Number(live);
}

/** The checkpoint that writes the numbers frees blocks itself, which only the next round finds. */
const leastRounds = 3;
const mostRounds = 8;
/** 64-bit numbers in a block of 256 KiB. */
const numbersPerBlock = 32_768;

/**
 * Overwrites the blocks that the file no longer uses: DuckDB frees them as they are, with everything that was in them.
 * A table of random numbers takes them all, and is dropped.
 *
 * @throws EngineError ICEBERG_COMMIT_ERROR, which may pass, while other statements write.
 */
export async function scrubFile(duckdb: DuckDBConnection): Promise<void> {
  try {
    await duckdb.run('checkpoint awsdatacatalog');
    for (let round = 0; round < mostRounds; round++) {
      const free = await freeBlocks(duckdb);
      await duckdb.run(
        `create or replace table awsdatacatalog.main.overwritten_${round} as select hash(range, random()) as number from range(${(free + 1) * numbersPerBlock})`,
      );
      await duckdb.run('checkpoint awsdatacatalog');
      if ((await freeBlocks(duckdb)) === 0 && round + 1 >= leastRounds) return;
    }
    throw new EngineError('ICEBERG_COMMIT_ERROR', 'the free space of the file could not be overwritten');
  } catch (error) {
    if (error instanceof EngineError) throw error;
    throw new EngineError('ICEBERG_COMMIT_ERROR', 'the file cannot be written while other statements change it');
  } finally {
    for (let round = 0; round < mostRounds; round++) {
      await duckdb.run(`drop table if exists awsdatacatalog.main.overwritten_${round}`).catch(() => undefined);
    }
    await duckdb.run('checkpoint awsdatacatalog').catch(() => undefined);
  }
}

async function freeBlocks(duckdb: DuckDBConnection): Promise<number> {
  const answer = await duckdb.runAndReadAll(
    "select free_blocks from pragma_database_size() where database_name = 'awsdatacatalog'",
  );
  return Number(answer.getRows()[0]?.[0] ?? 0);
}
