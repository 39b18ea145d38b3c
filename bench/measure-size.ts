import { cp, mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { chatTables } from '../core/chat/tables.ts';
import { defaultSettings } from '../core/settings.ts';
import { type DbtProject, openDbtProject } from './dbt-project.ts';
import { barePassSeconds, differingRows, messagesOn } from './inspect-database.ts';
import { type Cost, measured } from './measured-command.ts';
import { type DayFiles, writeDays } from './write-days.ts';

/** A Sunday that ends a month too; the day before it ends nothing. */
const endsOn = '2026-05-31';
const fullDays = 45;
const { database } = defaultSettings;
const lethe = join(import.meta.dirname, '..', 'bin', 'lethe.ts');

/** What one build cost on one side, and by the tools compared. */
export interface Build {
  readonly lethe: Cost;
  readonly dbt: Cost | undefined;
}

/** One round: everything measured once, one after the other. */
export interface Round {
  readonly bareSeconds: number;
  readonly full: Build;
  /** A day that ends nothing. */
  readonly plainDay: Build;
  /** A day that ends a week and a month. */
  readonly endingDay: Build;
  /** The plain day again, in a home that knows one day before it. */
  readonly youngHome: Cost;
}

export interface SizeFigures {
  readonly messages: number;
  /** Records in the 45 days' files: messages and tool calls, repeated and broken ones among them. */
  readonly records: number;
  readonly messagesOnPlainDay: number;
  readonly ingest: Cost;
  readonly rounds: readonly Round[];
  /** Gold tables and how many of their rows differ between us and dbt. */
  readonly differing: ReadonlyMap<string, number>;
}

export interface MeasureProps {
  /** Emptied first and removed afterwards. */
  readonly scratch: string;
  readonly messages: number;
  readonly rounds: number;
  readonly withDbt: boolean;
  readonly report: (line: string) => void;
}

/** Measures one size: 45 days of `messages` chat messages, then one more day, and another. */
export async function measureSize(props: MeasureProps): Promise<SizeFigures> {
  const { scratch, messages, report } = props;
  await rm(scratch, { recursive: true, force: true });
  const days = fullDays + 2;
  report(`writing ${days} days`);
  const files = await writeDays({
    directory: join(scratch, 'in'),
    endsOn,
    days,
    messages: Math.round((messages * days) / fullDays),
  });
  const first = files.slice(0, fullDays);
  const bronze = join(scratch, 'bronze');
  report('ingesting 45 days');
  const ingest = await ingested(bronze, first);
  const rounds: Round[] = [];
  let differing: ReadonlyMap<string, number> = new Map();
  let messagesOnPlainDay = 0;
  for (let round = 1; round <= props.rounds; round++) {
    const directory = join(scratch, `round-${round}`);
    const home = join(directory, 'home');
    await mkdir(directory);
    await cp(bronze, home, { recursive: true });
    const file = join(home, 'lake.duckdb');
    const dbt = props.withDbt ? await openDbtProject(join(directory, 'dbt'), file) : undefined;
    const say = (line: string) => report(`round ${round}: ${line}`);
    rounds.push(await measureRound({ home, file, young: join(directory, 'young'), dbt, files, say }));
    messagesOnPlainDay = await messagesOn(file, database, dateOf(files.at(-2)));
    if (dbt !== undefined) differing = await compareGold(file, dbt.database);
    await rm(directory, { recursive: true });
  }
  await rm(scratch, { recursive: true });
  const records = first.reduce((sum, day) => sum + day.records, 0);
  return { messages, records, messagesOnPlainDay, ingest, rounds, differing };
}

interface RoundProps {
  readonly home: string;
  readonly file: string;
  readonly young: string;
  readonly dbt: DbtProject | undefined;
  readonly files: readonly DayFiles[];
  readonly say: (line: string) => void;
}

async function measureRound({ home, file, young, dbt, files, say }: RoundProps): Promise<Round> {
  const build = async (name: string, from: DayFiles | undefined, to: DayFiles | undefined): Promise<Build> => {
    const ours = await backfilled(home, from, to);
    const theirs = await dbt?.run();
    say(`${name}: lethe ${ours.seconds.toFixed(1)} s${theirs ? `, dbt ${theirs.seconds.toFixed(1)} s` : ''}`);
    return { lethe: ours, dbt: theirs };
  };
  const [before, plain, ending] = files.slice(fullDays - 1);
  const bareSeconds = await barePassSeconds(file, database);
  say(`bare pass: ${bareSeconds.toFixed(2)} s`);
  const full = await build('45 days', files[0], before);
  await ingested(home, [plain]);
  const plainDay = await build('one more day', plain, plain);
  await ingested(home, [ending]);
  const endingDay = await build('one that ends a week and a month', ending, ending);
  await ingested(young, [before, plain]);
  await backfilled(young, before, before);
  const youngHome = await backfilled(young, plain, plain);
  say(`one more day in a young home: lethe ${youngHome.seconds.toFixed(1)} s`);
  return { bareSeconds, full, plainDay, endingDay, youngHome };
}

function dateOf(day: DayFiles | undefined): string {
  if (day === undefined) throw new Error('The benchmark has too few days.');
  return day.date;
}

async function run(...args: readonly string[]): Promise<Cost> {
  return await measured({ program: process.execPath, args: [lethe, ...args] });
}

async function ingested(home: string, days: readonly (DayFiles | undefined)[]): Promise<Cost> {
  const there = days.filter((day) => day !== undefined);
  const chat = await run('ingest', '--home', home, '--topic', 'chat', ...there.map((day) => day.chat));
  const tool = await run('ingest', '--home', home, '--topic', 'tool', ...there.map((day) => day.tool));
  return {
    seconds: chat.seconds + tool.seconds,
    peakBytes: Math.max(chat.peakBytes, tool.peakBytes),
    output: chat.output + tool.output,
  };
}

async function backfilled(home: string, from: DayFiles | undefined, to: DayFiles | undefined): Promise<Cost> {
  return await run('backfill', '--home', home, '--from', dateOf(from), '--to', dateOf(to));
}

/** Built from the run ledger, which dbt does not have. */
const oursAlone: ReadonlySet<string> = new Set(['gold_period_status', 'gold_data_quality']);

/** How many rows of each gold table dbt has otherwise. */
async function compareGold(file: string, dbtFile: string): Promise<ReadonlyMap<string, number>> {
  const differing = new Map<string, number>();
  for (const table of chatTables) {
    if (table.layer !== 'gold' || oursAlone.has(table.name)) continue;
    differing.set(table.name, await differingRows(file, database, dbtFile, table));
  }
  return differing;
}
