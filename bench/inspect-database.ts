import { type DuckDBConnection, DuckDBInstance } from '@duckdb/node-api';
import type { Table } from '../core/catalogue/table.ts';

/** Opens a database file for reading alone, does something with it, and lets go of it. */
async function reading<T>(file: string, work: (connection: DuckDBConnection) => Promise<T>): Promise<T> {
  const instance = await DuckDBInstance.create(file, { access_mode: 'READ_ONLY', memory_limit: '1200MB' });
  const connection = await instance.connect();
  try {
    return await work(connection);
  } finally {
    connection.closeSync();
    instance.closeSync();
  }
}

// A count(*) around the groups alone would let DuckDB skip the sums.
const barePass = `
select count(*), sum(messages_cnt), sum(tokens), sum(cost)
from (
  select dt, platform, user_id, count(*) as messages_cnt, sum(total_tokens) as tokens, sum(total_cost) as cost
  from bronze_chat_events
  group by dt, platform, user_id
)`;

/** Seconds that DuckDB takes to read bronze once and group it by day, platform and user: the first time after opening. */
export async function barePassSeconds(file: string, database: string): Promise<number> {
  return await reading(file, async (connection) => {
    await connection.run(`use ${database}`);
    const started = performance.now();
    await connection.runAndReadAll(barePass);
    return (performance.now() - started) / 1000;
  });
}

/** Chat messages of a day as silver has them. */
export async function messagesOn(file: string, database: string, date: string): Promise<number> {
  return await reading(file, async (connection) => {
    const result = await connection.runAndReadAll(
      `select count(*) from ${database}.silver_messages where dt = date '${date}'`,
    );
    return Number(result.getRows()[0]?.[0]);
  });
}

/**
 * Rows of a table that the home's database has and dbt's has not, or the other way round, in all columns; averages to
 * nine digits, since two ways of adding doubles differ in the last ones.
 */
export async function differingRows(file: string, database: string, dbtFile: string, table: Table): Promise<number> {
  return await reading(file, async (connection) => {
    await connection.run(`attach '${dbtFile}' as dbt (read_only)`);
    const columns = table.columns
      .map(({ name, type }) =>
        type === 'double' ? `round("${name}", 9 - 1 - floor(log10("${name}"))::int)` : `"${name}"`,
      )
      .join(', ');
    const ours = `select ${columns} from ${database}.${table.name}`;
    const theirs = `select ${columns} from dbt.main.${table.name}`;
    const result = await connection.runAndReadAll(
      `select (select count(*) from (${ours} except all ${theirs})) + (select count(*) from (${theirs} except all ${ours}))`,
    );
    return Number(result.getRows()[0]?.[0]);
  });
}
