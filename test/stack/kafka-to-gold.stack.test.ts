import { bronzeChatEvents, bronzeRejectedRecords, bronzeToolCalls, chatTables } from '../../core/chat/tables.ts';
import type { StatementRecord } from '../../core/lake/run-ledger.ts';
import { demoDays } from '../../local/demo/generate.ts';
import { type EmbeddedLake, openLake, query } from '../local/embedded-lake.ts';
import { diff } from '../oracle/compare.ts';
import { openSinkLake, type SinkLake } from './sink-lake.ts';

/** A week from Monday to Sunday and the day before it, so that all three grains are built. */
const days = { from: '2026-01-04', last: '2026-01-11', dayBeforeLast: '2026-01-10' };
const measuredDay = { grain: 'day', from: '2026-01-11', to: '2026-01-12' } as const;
/** With tool calls, repeats and broken records 210,000 and more. */
const messages = Number(process.env.LETHE_STACK_MESSAGES ?? 140_000);

/** Trino reads so much of each file's end before it knows where the columns are; with files of a day's size it does not count. */
const footerBytes = 48 * 1024;
/**
 * All steps of silver and gold together, in readings of the day's bronze. The goal is 3; measured were 7.0, of which the tool
 * calls of neighbouring days are 1.9 and the distributions 1.4, footers of small files included.
 */
const mostReadings = 8;

const records = { chat: [] as string[], tool: [] as string[] };
let lake: SinkLake;
let embedded: EmbeddedLake;
let measured: StatementRecord[];
let commits: Record<string, number>;

beforeAll(async () => {
  const at = new Date();
  for (const day of demoDays({ endsOn: days.last, days: 8, messages })) {
    records.chat.push(...day.chat);
    records.tool.push(...day.tool);
  }
  [lake, embedded] = await Promise.all([openSinkLake({ at }), openLake({}, { at })]);
  const began = performance.now();
  await Promise.all([lake.send('chat', records.chat), lake.send('tool', records.tool)]);
  await lake.untilStored(records.chat.length + records.tool.length, 240);
  report(`${records.chat.length + records.tool.length} records stored`, performance.now() - began);
  await embedded.ingest('chat', records.chat);
  await embedded.ingest('tool', records.tool);

  await lake.run('backfill', { from: days.from, to: days.dayBeforeLast });
  const before = await snapshotCounts(lake);
  for (const workflow of ['silver-daily', 'gold-daily'])
    await lake.run(workflow, { mode: 'named', window: measuredDay });
  const after = await snapshotCounts(lake);
  commits = Object.fromEntries(Object.entries(after).map(([table, count]) => [table, count - (before[table] ?? 0)]));
  const runs = await lake.runtime.ledger.latestRuns(2);
  measured = (await Promise.all(runs.map(({ id }) => lake.runtime.ledger.statementsOf(id)))).flat();
  await lake.run('backfill', { from: days.from, to: days.last });
  await embedded.session.run('backfill', { from: days.from, to: days.last });
  report('built', performance.now() - began);
}, 900_000);
afterAll(async () => {
  await lake.close();
  await embedded.close();
});

test('every accepted record is in bronze, and every rejected one listed, as the embedded run has them', async () => {
  for (const { name } of [bronzeChatEvents, bronzeToolCalls]) {
    const sql = `select dt, count(*) as records from ${name} group by 1 order by 1`;
    expect(await lake.query(sql)).toEqual(await embeddedQuery(sql));
  }
  const reasons = `select field, reason, count(*) as records from ${bronzeRejectedRecords.name} group by 1, 2 order by 1, 2`;
  expect(await lake.query(reasons)).toEqual(await embeddedQuery(reasons));
});

test.each(chatTables.filter(({ layer, name }) => layer !== 'bronze' && name !== 'gold_period_status'))(
  '$name is what the embedded run makes of the same records',
  async (table) => {
    const [found, expected] = await Promise.all([lake.rows(table), embedded.rows(table)]);
    expect(expected.length).toBeGreaterThan(0);
    expect(diff(expected, found, table.grain)).toEqual([]);
  },
  120_000,
);

describe('a day without late records', () => {
  test('reads its part of bronze once, and all tables together a bounded number of times that', async () => {
    const filesOf = async (table: string) => {
      const sql = `select sum(file_size_in_bytes) as bytes, count(*) as files from "${table}$files" where file_path like '%dt=${measuredDay.from}%'`;
      const [row] = await lake.query(sql);
      return { bytes: Number(row?.bytes), files: Number(row?.files) };
    };
    const chat = await filesOf(bronzeChatEvents.name);
    const all = chat.bytes + (await filesOf(bronzeToolCalls.name)).bytes;
    const isCheck = ({ statement }: StatementRecord) => statement.includes('/checks/');
    const readBy = (statements: readonly StatementRecord[]) =>
      statements.reduce((sum, one) => sum + one.bytesScanned, 0);
    const cleaned = readBy(measured.filter(({ statement }) => statement === 'chat/silver_messages'));
    const built = readBy(measured.filter((one) => !isCheck(one)));
    const checked = readBy(measured.filter(isCheck));
    report(
      `bronze has ${all} bytes of the day, ${chat.bytes} of them chat in ${chat.files} files; read ${cleaned} by silver_messages, ${built} by all steps, ${checked} by checks`,
    );
    for (const { statement, bytesScanned, millis } of measured) report(`${statement}: ${bytesScanned} bytes`, millis);
    expect(cleaned).toBeLessThanOrEqual(1.1 * chat.bytes + chat.files * footerBytes);
    expect(built / all).toBeLessThanOrEqual(mostReadings);
  });

  test('commits once to each table that it changes', () => {
    report(`commits: ${JSON.stringify(commits)}`);
    for (const { layer, name } of chatTables) {
      // The tool calls of neighbouring days are a statement of their own.
      expect([name, commits[name] ?? 0]).toEqual([name, layer === 'bronze' ? 0 : expect.any(Number)]);
      expect(commits[name] ?? 0).toBeLessThanOrEqual(name === 'silver_tool_calls' ? 2 : 1);
    }
  });

  test('makes no snapshot when it is run again', async () => {
    const before = await snapshotCounts(lake);
    for (const workflow of ['silver-daily', 'gold-daily'])
      await lake.run(workflow, { mode: 'named', window: measuredDay });
    const { gold_period_status: _, ...after } = await snapshotCounts(lake);
    expect(before).toMatchObject(after);
  });
});

function embeddedQuery(sql: string) {
  return query(embedded.session, sql);
}

async function snapshotCounts({ query }: SinkLake): Promise<Record<string, number>> {
  const counts: Record<string, number> = {};
  for (const { name } of chatTables) {
    counts[name] = Number((await query(`select count(*) as snapshots from "${name}$snapshots"`))[0]?.snapshots);
  }
  return counts;
}

/** What the suite measured, for whoever reads its output. */
function report(text: string, millis?: number): void {
  process.stdout.write(`    ${text}${millis === undefined ? '' : ` (${(millis / 1_000).toFixed(1)} s)`}\n`);
}
