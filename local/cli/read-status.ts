import { isPartOfErasure } from '../../core/dsr/erasure-workflow.ts';
import type { Workflow } from '../../core/lake/pipeline.ts';
import type { RunRecord } from '../../core/lake/run-ledger.ts';
import { addDays } from '../../core/window.ts';
import { outcomeOf, type RunOutcome } from '../ledger/run-outcome.ts';
import type { Session } from '../session.ts';
import {
  type Finding,
  findings,
  type IngestedFiles,
  ingestedFiles,
  type LateRecords,
  lateRecords,
  rejectedRecords,
} from './lake-questions.ts';

/** How far a workflow's tables go. */
export interface WorkflowStatus {
  readonly workflow: string;
  readonly tables: readonly string[];
  /** Last day, or last instant, that is built; undefined while nothing is. */
  readonly builtThrough?: string;
  readonly state?: string;
  readonly builtAt?: string;
  readonly periods: number;
  /** Periods whose rows retention has removed. */
  readonly dropped: number;
}

export interface RunStatus {
  readonly run: string;
  readonly workflow: string;
  readonly mode: string;
  readonly startedAt: string;
  readonly outcome: RunOutcome;
  readonly failure?: string;
  readonly seconds?: number;
  readonly statements: number;
  readonly rowsChanged: number;
  readonly bytesScanned: number;
}

/** What `lethe status` tells. */
export interface Status {
  readonly home: string;
  readonly workflows: readonly WorkflowStatus[];
  /** Newest first. */
  readonly runs: readonly RunStatus[];
  readonly files: readonly IngestedFiles[];
  readonly rejected: Readonly<Record<string, number>>;
  readonly late: LateRecords;
  /** What about the data of the newest seven judged days is worth a look, newest first. */
  readonly findings: readonly Finding[];
}

/** Runs told of: two days of five workflows. */
const runsTold = 10;
/** Among so many: maintenance and erasures give tables and workflows runs of their own, of which only theirs tell. */
const runsRead = 200;

export async function readStatus(home: string, session: Session): Promise<Status> {
  const { ledger } = session.runtime;
  const workflows: WorkflowStatus[] = [];
  for (const workflow of session.pipelines.flatMap((pipeline) => pipeline.workflows)) {
    workflows.push(await workflowStatus(session, workflow));
  }
  const runs: RunStatus[] = [];
  const told = (await ledger.latestRuns(runsRead)).filter(
    ({ workflow }) => workflow !== 'maintenance-table' && !isPartOfErasure(workflow),
  );
  for (const run of told.slice(0, runsTold)) runs.push(await runStatus(session, run));
  return {
    home,
    workflows,
    runs,
    files: await ingestedFiles(session),
    rejected: await rejectedRecords(session),
    late: await lateRecords(session),
    findings: await findings(session),
  };
}

async function workflowStatus({ runtime }: Session, workflow: Workflow): Promise<WorkflowStatus> {
  const periods = await runtime.ledger.builtPeriods(workflow.name);
  const last = periods.at(-1);
  const tables = [...new Set(workflow.steps.map(({ table }) => table.name))];
  const dropped = periods.filter(({ state }) => state === 'dropped').length;
  const counts = { workflow: workflow.name, tables, periods: periods.length - dropped, dropped };
  if (last === undefined) return counts;
  const { to } = last.period;
  return {
    ...counts,
    builtThrough: to.length === 10 ? addDays(to, -1) : to,
    state: last.state,
    builtAt: last.builtAt,
  };
}

async function runStatus({ runtime, owned }: Session, run: RunRecord): Promise<RunStatus> {
  const statements = await runtime.ledger.statementsOf(run.id);
  return {
    run: run.id,
    workflow: run.workflow,
    mode: run.mode,
    startedAt: run.startedAt,
    // Who owns the home runs everything in it, and this process has just begun.
    outcome: outcomeOf(run, owned),
    ...(run.failure === undefined ? {} : { failure: run.failure }),
    ...(run.finishedAt === undefined
      ? {}
      : { seconds: (Date.parse(run.finishedAt) - Date.parse(run.startedAt)) / 1000 }),
    statements: statements.length,
    rowsChanged: statements.reduce((sum, { rowsChanged }) => sum + (rowsChanged ?? 0), 0),
    bytesScanned: statements.reduce((sum, { bytesScanned }) => sum + bytesScanned, 0),
  };
}
