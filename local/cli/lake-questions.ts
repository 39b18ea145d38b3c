import { erasedRows } from '../../core/dsr/erased-rows.ts';
import { InputError } from '../../core/errors.ts';
import { isFinal } from '../../core/lake/open-periods.ts';
import { type RecordCounts, sourceInputs } from '../../core/lake/period-inputs.ts';
import type { Pipeline, Workflow } from '../../core/lake/pipeline.ts';
import { recordCounts } from '../../core/lake/record-counts.ts';
import { sealedStarts } from '../../core/lake/sealed-periods.ts';
import { queryText } from '../../core/lake/statement-text.ts';
import { fillIn } from '../../core/sql/statement.ts';
import type { SqlValue } from '../../core/sql/value.ts';
import type { Session } from '../session.ts';
import { statementsBelow } from '../statements.ts';
import { askAthena, rowsByName } from './ask-athena.ts';

/** Rows of a short answer by column name; values as Athena writes them. */
export type NamedRows = Record<string, string | null>[];

/** Asks a session's endpoint one of the statements below a folder. */
export async function askStatement(
  session: Session,
  directory: string,
  name: string,
  values: Readonly<Record<string, SqlValue>> = {},
): Promise<NamedRows> {
  return ask(session, fillIn(statementsBelow(directory)(name), values));
}

async function ask({ endpointUrl, settings }: Session, sql: string): Promise<NamedRows> {
  return rowsByName(await askAthena({ endpointUrl, database: settings.database }, sql));
}

/** Rejected records that are still kept, by reason, the most frequent first. */
export async function rejectedRecords(session: Session): Promise<Record<string, number>> {
  const tables = new Set(session.pipelines.flatMap(({ sources }) => sources.map(({ rejected }) => rejected.name)));
  const counts: Record<string, number> = {};
  for (const table of tables) {
    const rows = await askStatement(session, import.meta.dirname, 'rejected_records', {
      table: { type: 'identifier', value: table },
    });
    for (const { reason, records } of rows) counts[reason ?? ''] = (counts[reason ?? ''] ?? 0) + Number(records);
  }
  return counts;
}

/** What has been ingested from files, by topic. */
export interface IngestedFiles {
  readonly topic: string;
  readonly files: number;
  readonly accepted: number;
  readonly rejected: number;
}

export async function ingestedFiles(session: Session): Promise<IngestedFiles[]> {
  try {
    const rows = await askStatement(session, import.meta.dirname, 'ingested_files');
    return rows.map(({ topic, files, accepted, rejected }) => ({
      topic: topic ?? '',
      files: Number(files),
      accepted: Number(accepted),
      rejected: Number(rejected),
    }));
  } catch (error) {
    // The first file makes the table.
    if (error instanceof InputError) return [];
    throw error;
  }
}

/** Records that came after the periods they belong to were built. */
export interface LateRecords {
  /** Within the look-back: the next scheduled run takes them in. */
  readonly waiting: number;
  /** Beyond it: they are in bronze and change no figure. */
  readonly tooLate: number;
}

/** Compares what the sources hold now with what the kept periods were built from. */
export async function lateRecords(session: Session): Promise<LateRecords> {
  let waiting = 0;
  let tooLate = 0;
  for (const pipeline of session.pipelines) {
    for (const workflow of pipeline.workflows) {
      const late = await lateFor(session, pipeline, workflow);
      waiting += late.waiting;
      tooLate += late.tooLate;
    }
  }
  return { waiting, tooLate };
}

async function lateFor(session: Session, pipeline: Pipeline, workflow: Workflow): Promise<LateRecords> {
  const { runtime, settings } = session;
  if (workflow.upstream.kind !== 'sources') return { waiting: 0, tooLate: 0 };
  const built = (await runtime.ledger.builtPeriods(workflow.name)).filter(({ state }) => state !== 'dropped');
  const [first, last] = [built[0]?.period, built.at(-1)?.period];
  if (first === undefined || last === undefined) return { waiting: 0, tooLate: 0 };
  const context = { workflow, window: { ...first, to: last.to }, settings };
  const rows = await ask(session, queryText(pipeline, runtime.statement(workflow.upstream.counts), context));
  const counts = recordCounts(workflow.grain, rows);
  const clock = { now: runtime.now(), settings };
  const sealed = await sealedStarts(runtime, pipeline, workflow);
  const batches = (await session.erasures.store.batches()).filter((batch) => batch.pipeline === pipeline.name);
  let waiting = 0;
  let tooLate = 0;
  for (const { period, inputs, state } of built) {
    // What a sealed day was built from stays on record as it was, and holds the rows that have gone since.
    const gone = (table: string) => (sealed.has(period.from) ? erasedRows(batches, table, period) : 0);
    const more = recordsSince(inputs, sourceInputs(counts, period), gone);
    if (state === 'final' || sealed.has(period.from) || isFinal(period, clock)) tooLate += more;
    else waiting += more;
  }
  return { waiting, tooLate };
}

function recordsSince(
  before: Readonly<Record<string, string>>,
  now: RecordCounts[string],
  gone: (table: string) => number,
): number {
  return Object.entries(now).reduce(
    (sum, [table, count]) => sum + Math.max(0, Number(count) - Number(before[table] ?? 0) + gone(table)),
    0,
  );
}

/** A judgement of the data of a day that is not `ok`. */
export interface Finding {
  readonly day: string;
  readonly check: string;
  readonly subject: string;
  readonly dimensionValue: string;
  readonly value: number;
  readonly expected?: number;
  readonly severity: string;
}

/** What is worth a look about the newest seven days that were judged, newest first. */
export async function findings(session: Session): Promise<Finding[]> {
  const found: Finding[] = [];
  for (const { quality } of session.pipelines) {
    if (quality === undefined) continue;
    const rows = await askStatement(session, import.meta.dirname, 'findings', {
      table: { type: 'identifier', value: quality.name },
    });
    found.push(
      ...rows.map(({ dt, check_name, subject, dimension_value, value, expected, severity }) => ({
        day: dt ?? '',
        check: check_name ?? '',
        subject: subject ?? '',
        dimensionValue: dimension_value ?? '',
        value: Number(value),
        ...(expected === null || expected === undefined ? {} : { expected: Number(expected) }),
        severity: severity ?? '',
      })),
    );
  }
  return found;
}
