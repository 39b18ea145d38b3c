import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join, relative } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { gunzipSync } from 'node:zlib';
import { DuckDBInstance } from '@duckdb/node-api';

/**
 * Reads everything that lies below a folder and says where a canary is: in names, in raw bytes (as UTF-8, UTF-16, hex, and
 * base64 at each of its three offsets), in what gzip holds, and in every value that SQLite and DuckDB give out.
 */
export async function findCanaries(folder: string, canaries: readonly string[]): Promise<string[]> {
  const spellings = canaries.flatMap((canary) => {
    const bytes = Buffer.from(canary);
    // Of base64, only the letters that no neighbouring byte takes part in.
    const base64 = [0, 1, 2].map((offset) => {
      const text = Buffer.concat([Buffer.alloc(offset), bytes]).toString('base64');
      return Buffer.from(text.slice(offset === 0 ? 0 : 4, Math.floor((offset + bytes.length) / 3) * 4));
    });
    return [bytes, Buffer.from(canary, 'utf16le'), Buffer.from(bytes.toString('hex')), ...base64];
  });
  const holds = (bytes: Buffer) => spellings.some((spelling) => bytes.includes(spelling));
  const found: string[] = [];
  for (const path of filesBelow(folder)) {
    const name = relative(folder, path);
    const bytes = readFileSync(path);
    if (holds(Buffer.from(name))) found.push(`name of ${name}`);
    if (holds(bytes)) found.push(name);
    if (bytes[0] === 0x1f && bytes[1] === 0x8b && holds(gunzipSync(bytes))) found.push(`${name}, unpacked`);
  }
  // Opening a database writes to its folder, so that copies are opened.
  const copy = mkdtempSync(join(tmpdir(), 'lethe-canary-'));
  try {
    cpSync(folder, copy, { recursive: true });
    for (const path of filesBelow(copy)) {
      if (path.endsWith('.sqlite') && holds(sqliteValues(path))) found.push(`values of ${basename(path)}`);
      if (path.endsWith('.duckdb') && holds(await duckdbValues(path))) found.push(`values of ${basename(path)}`);
    }
  } finally {
    rmSync(copy, { recursive: true });
  }
  return found;
}

function filesBelow(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));
}

function sqliteValues(path: string): Buffer {
  const database = new DatabaseSync(path);
  const tables = database.prepare("select name from sqlite_master where type = 'table'").all();
  const rows = tables.map(({ name }) => JSON.stringify(database.prepare(`select * from "${String(name)}"`).all()));
  database.close();
  return Buffer.from(rows.join('\n'));
}

async function duckdbValues(path: string): Promise<Buffer> {
  const instance = await DuckDBInstance.create(path);
  const connection = await instance.connect();
  const tables = await connection.runAndReadAll('select schema_name, table_name from duckdb_tables()');
  const texts: string[] = [];
  for (const [schema, table] of tables.getRowsJson()) {
    const rows = await connection.runAndReadAll(`select * from "${String(schema)}"."${String(table)}"`);
    texts.push(JSON.stringify(rows.getRowsJson()));
  }
  connection.disconnectSync();
  instance.closeSync();
  return Buffer.from(texts.join('\n'));
}
