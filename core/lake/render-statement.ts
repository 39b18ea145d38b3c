import { periodGrainName } from '../catalogue/predicate.ts';
import type { Table } from '../catalogue/table.ts';
import { earliestScopeEndOf } from '../dsr/scope.ts';
import { openBatches } from '../dsr/subjects.ts';
import { erasureParameters } from '../dsr/targets.ts';
import { maintenanceParameters } from '../maintenance/maintenance-workflow.ts';
import { measureParameters } from '../maintenance/measure.ts';
import { fillIn, type StatementFile } from '../sql/statement.ts';
import type { SqlValue } from '../sql/value.ts';
import type { Window } from '../window.ts';
import { findWorkflow } from './find.ts';
import type { Check, Step, Workflow } from './pipeline.ts';
import type { Runtime } from './runtime.ts';
import { sourceCounts } from './source-counts.ts';
import type { StatementRequest } from './statement-request.ts';
import { periodStatusRows, queryText, stepText } from './statement-text.ts';

type Role = 'step' | 'period status' | 'check' | 'query';

/** Whether a statement changes a table: a step's does, and so does a table's own unless it only asks. */
export function changesTable(workflow: Workflow, { statement, table }: StatementRequest): boolean {
  const { role } = roleOf(workflow, statement);
  if (table !== undefined) return workflow.tableQueries?.includes(statement) !== true;
  return role === 'step' || role === 'period status';
}

/** What a statement is to its workflow. */
export function roleOf(workflow: Workflow, statement: string): { role: Role; step?: Step; check?: Check } {
  const step = workflow.steps.find((candidate) => candidate.statement === statement);
  if (step !== undefined) return { role: 'step', step };
  if (workflow.periodStatus?.statement === statement) return { role: 'period status', step: workflow.periodStatus };
  const check = workflow.checks.find((candidate) => candidate.statement === statement);
  return check === undefined ? { role: 'query' } : { role: 'check', check };
}

/** The text of a statement as it is sent; undefined where there is nothing to send. */
export async function renderStatement(runtime: Runtime, request: StatementRequest): Promise<string | undefined> {
  const { pipeline, workflow } = findWorkflow(runtime, request);
  const file = runtime.statement(request.statement);
  const context = {
    workflow,
    window: request.window,
    settings: runtime.settings,
    openBatches: await openBatches(runtime),
    firstBuild: await isFirstBuild(runtime, workflow, request.window, file),
    ...(asksFor(file, 'source_counts')
      ? { sourceCounts: await sourceCounts(runtime.ledger, pipeline, request.window) }
      : {}),
  };
  if (workflow.everyTable?.includes(request.statement) === true) {
    return pipeline.tables
      .map((each) => fillIn(file, tableParameters(runtime, each, request.window)))
      .join('\nunion all\n');
  }
  const { role, step } = roleOf(workflow, request.statement);
  const table = workflow.writes?.find((candidate) => candidate.name === request.table);
  if (table !== undefined) {
    const { batch, window } = request;
    const ofBatch =
      batch === undefined
        ? {}
        : erasureParameters(pipeline, table, {
            batch,
            window,
            earliestScopeEnd: await earliestScopeEndOf(runtime, batch),
            namesFiles: runtime.namesFiles === true,
          });
    return fillIn(file, { ...tableParameters(runtime, table, window), ...ofBatch });
  }
  if (step === undefined) return queryText(pipeline, file, context);
  if (role === 'step') return stepText(pipeline, step, file, context);
  const built = await runtime.ledger.builtPeriods(workflow.name, request.window.from, request.window.to);
  if (built.length === 0) return undefined;
  const periods = periodStatusRows((window) => periodGrainName(window.grain), built);
  return stepText(pipeline, step, file, context, { periods });
}

/** What a statement on one table may ask for. */
function tableParameters(runtime: Runtime, table: Table, window: Window): Record<string, SqlValue> {
  const clock = { now: runtime.now(), settings: runtime.settings };
  return { ...maintenanceParameters(table, window), ...measureParameters(table, window, clock) };
}

/** Whether a statement asks for a value: what takes a look at the ledger is found out for no others. */
function asksFor({ params }: StatementFile, name: string): boolean {
  return params.some((param) => param.name === name);
}

/** Whether neither a window nor any after it has been built; asked only for statements that want to know. */
async function isFirstBuild(
  { ledger }: Runtime,
  { name }: Workflow,
  window: Window,
  file: StatementFile,
): Promise<boolean> {
  if (!asksFor(file, 'first_build')) return false;
  return (await ledger.builtPeriods(name, window.from)).length === 0;
}
