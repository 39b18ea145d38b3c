import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { paginateGetQueryResults } from '@aws-sdk/client-athena';
import type { Table } from '../../core/catalogue/table.ts';
import { chatPipeline } from '../../core/chat/pipeline.ts';
import type { Pipeline } from '../../core/lake/pipeline.ts';
import { defaultSettings, type Settings } from '../../core/settings.ts';
import { synthesizeWorkflows } from '../../lib/synthesize-workflows.ts';
import { openSession, type Session, type SessionOptions } from '../../local/session.ts';
import { canonical } from '../oracle/compare.ts';
import type { Row, Tables } from '../oracle/row.ts';

/** A home folder of its own with everything that works on it, and a clock that the test sets. */
export interface EmbeddedLake {
  readonly home: string;
  readonly session: Session;
  at: Date;
  ingest(topic: string, lines: readonly string[]): Promise<void>;
  rows(table: Table): Promise<Row[]>;
  tables(): Promise<Tables>;
  close(): Promise<void>;
}

/** Opens a lake in a temporary folder, which goes when it is closed. */
export async function openLake(
  settings: Partial<Settings> = {},
  options: Partial<Pick<SessionOptions, 'pipelines' | 'sql' | 'onState' | 'home' | 'signal'>> & { at?: Date } = {},
): Promise<EmbeddedLake> {
  const home = options.home ?? mkdtempSync(join(tmpdir(), 'lethe-test-'));
  const pipelines: readonly Pipeline[] = options.pipelines ?? [chatPipeline];
  let files = 0;
  const lake = { at: options.at ?? new Date() };
  const session = await openSession({
    pipelines,
    synthesize: async (declared) => synthesizeWorkflows(declared),
    ...options,
    home,
    settings: { ...defaultSettings, ...settings },
    now: () => lake.at,
  });
  const rows = async (table: Table): Promise<Row[]> =>
    canonical(table, await query(session, `select * from "${table.name}"`));
  return Object.assign(lake, {
    home,
    session,
    rows,
    ingest: async (topic: string, lines: readonly string[]) => {
      const source = pipelines.flatMap(({ sources }) => sources).find((one) => one.topic.key === topic);
      if (source === undefined) throw new Error(`no source ${topic}`);
      files += 1;
      const path = join(home, `${topic}-${files}.ndjson`);
      writeFileSync(path, lines.join('\n'));
      await session.ingest(source, path, { again: true });
    },
    tables: async () => {
      const tables: Tables = {};
      for (const table of pipelines.flatMap((pipeline) => pipeline.tables)) tables[table.name] = await rows(table);
      return tables;
    },
    close: async () => {
      await session.close();
      rmSync(home, { recursive: true, force: true });
    },
  });
}

/** Runs a query on a session's engine and returns all its rows as text. */
export async function query(session: Session, sql: string): Promise<Record<string, string | null>[]> {
  const { engine } = session.runtime;
  const id = await engine.start(sql, randomUUID());
  for (let status = await engine.status(id); status.state !== 'succeeded'; status = await engine.status(id)) {
    if ('code' in status) throw new Error(`${status.code}: ${sql.slice(0, 200)}`);
    await setTimeout(1);
  }
  const rows: Record<string, string | null>[] = [];
  let names: string[] | undefined;
  for await (const page of paginateGetQueryResults({ client: session.athena }, { QueryExecutionId: id })) {
    const columns = (page.ResultSet?.ResultSetMetadata?.ColumnInfo ?? []).map((column) => column.Name ?? '');
    const data = page.ResultSet?.Rows ?? [];
    // The first row of the first page holds the column names.
    for (const { Data } of names === undefined ? data.slice(1) : data) {
      rows.push(Object.fromEntries(columns.map((name, index) => [name, Data?.[index]?.VarCharValue ?? null])));
    }
    names = columns;
  }
  return rows;
}
