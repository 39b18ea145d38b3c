import type { Pipeline } from '../../core/lake/pipeline.ts';
import { tablesWritten } from '../../core/lake/pipeline.ts';
import type { RunLedger, RunRecord } from '../../core/lake/run-ledger.ts';
import { outcomeOf } from '../ledger/run-outcome.ts';
import type { ChartAnswer, Operations, ShownRun, ShownStep, ShownWorkflow } from './answers.ts';
import { workflowGraph } from './workflow-graph.ts';

const shownRuns = 40;

export interface OperationsSources {
  readonly ledger: RunLedger;
  /** Ids of runs that nobody can be running. */
  readonly interrupted: ReadonlySet<string>;
  readonly pipelines: readonly Pipeline[];
  /** State machine definitions by workflow. */
  readonly machines: Readonly<Record<string, string>>;
  readonly rejected: ChartAnswer;
}

/** What the operations page shows: workflows with how far they are, and the latest runs with their statements. */
export async function readOperations({
  ledger,
  interrupted,
  pipelines,
  machines,
  rejected,
}: OperationsSources): Promise<Operations> {
  const latest = await ledger.latestRuns(shownRuns);
  const runs = await Promise.all(latest.map((run) => shownRun(ledger, run, interrupted.has(run.id))));
  const declared = pipelines.flatMap(({ workflows }) => workflows);
  const workflows = Object.entries(machines).map(async ([name, definition]): Promise<ShownWorkflow> => {
    const workflow = declared.find((candidate) => candidate.name === name);
    const last = (await ledger.builtPeriods(name)).at(-1)?.completeThrough;
    const lastRun = runs.find((run) => run.workflow === name && run.steps.length > 0);
    return {
      name,
      sentence: workflow?.sentence ?? sentences[name] ?? '',
      graph: workflowGraph(definition),
      tables: workflow === undefined ? [] : tablesWritten(workflow).map((table) => table.name),
      ...(last === undefined ? {} : { builtThrough: last }),
      ...(lastRun === undefined ? {} : { lastRun }),
    };
  });
  return { workflows: await Promise.all(workflows), runs, rejected };
}

/** Workflows that no pipeline declares. */
const sentences: Readonly<Record<string, string>> = {
  backfill: 'Runs the workflows of a range of days, one after the other.',
  maintenance: 'Drops the days that are past their retention, lets old snapshots go and joins small files.',
  'maintenance-table': 'Takes care of one table that maintenance has found to need it.',
};

async function shownRun(ledger: RunLedger, run: RunRecord, isAbandoned: boolean): Promise<ShownRun> {
  const statements = await ledger.statementsOf(run.id);
  return {
    id: run.id,
    workflow: run.workflow,
    mode: run.mode,
    startedAt: run.startedAt,
    outcome: outcomeOf(run, isAbandoned),
    steps: joinSteps(
      statements.map(({ statement, outcome, rowsChanged, bytesScanned, millis }) => ({
        statement: statement.split('/').at(-1) ?? statement,
        outcome,
        bytesScanned,
        millis,
        ...(rowsChanged === undefined ? {} : { rowsChanged }),
      })),
    ),
    ...(run.window === undefined ? {} : { window: `${run.window.from} to ${run.window.to}` }),
    ...(run.failure === undefined ? {} : { failure: run.failure }),
  };
}

/** A statement that ran for several windows of a run, as one step. */
function joinSteps(steps: readonly ShownStep[]): ShownStep[] {
  const joined = new Map<string, ShownStep>();
  for (const step of steps) {
    const before = joined.get(step.statement);
    if (before === undefined) {
      joined.set(step.statement, step);
      continue;
    }
    const rows = [before.rowsChanged, step.rowsChanged].filter((count) => count !== undefined);
    joined.set(step.statement, {
      statement: step.statement,
      outcome: step.outcome === 'succeeded' ? before.outcome : step.outcome,
      bytesScanned: before.bytesScanned + step.bytesScanned,
      millis: before.millis + step.millis,
      ...(rows.length === 0 ? {} : { rowsChanged: rows.reduce((sum, count) => sum + count, 0) }),
    });
  }
  return [...joined.values()];
}
