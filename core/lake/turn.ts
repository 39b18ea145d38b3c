import { tablesWritten, type Workflow } from './pipeline.ts';
import type { Renewal } from './run-ledger.ts';
import type { Runtime } from './runtime.ts';

/** A turn ends by itself when its run has not renewed it for so long: longer than any task may take, with all its retries. */
const leaseMillis = 45 * 60_000;
/** A run that goes on alone starts others and renews nothing meanwhile; its state machine ends it after so long. */
const aloneMillis = 12 * 60 * 60_000;

/**
 * Takes a run's turn to write its workflow's tables; says which run has it otherwise.
 *
 * @param table the one table that the run writes. Default: all that the workflow writes.
 */
export function takeTurn(
  runtime: Runtime,
  run: string,
  workflow: Workflow,
  table?: string | undefined,
): Promise<{ heldBy?: string }> {
  const { turns, now, until } = turnOf(runtime, workflow, table);
  return runtime.ledger.takeTurn(run, turns, now, until);
}

/** Renews a turn that a run has taken. Parameters as those of {@link takeTurn}. */
export function renewTurn(
  runtime: Runtime,
  run: string,
  workflow: Workflow,
  table?: string | undefined,
): Promise<Renewal> {
  const { turns, until } = turnOf(runtime, workflow, table);
  return runtime.ledger.renewTurn(run, turns, until);
}

function turnOf(runtime: Runtime, workflow: Workflow, table: string | undefined) {
  const now = (runtime.turnClock ?? runtime.now)();
  const tables = table === undefined ? tablesWritten(workflow).map(({ name }) => name) : [table];
  const turns = workflow.alone === true ? [...tables, `workflow ${workflow.name}`] : tables;
  const lease = workflow.alone === true ? aloneMillis : leaseMillis;
  return { turns, now: now.toISOString(), until: new Date(now.getTime() + lease).toISOString() };
}
