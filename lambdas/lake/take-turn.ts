import { z } from 'zod';
import { findWorkflow } from '../../core/lake/find.ts';
import { takeTurn } from '../../core/lake/turn.ts';
import { onLambda } from './on-lambda.ts';
import { defineTask, runPayload } from './task.ts';

/** The name that the run is on record under. Default: its workflow's. */
const payload = runPayload.extend({ recordedAs: z.string().exactOptional() });

/** Takes the turn to write a workflow's tables, or the one table that was asked for, and opens the run's record; answers `wait` while another run has it. */
export const task = defineTask(payload, async (runtime, { run, pipeline, workflow, request, recordedAs }) => {
  const found = findWorkflow(runtime, { pipeline, workflow });
  const { heldBy } = await takeTurn(runtime, run, found.workflow, request.table);
  if (heldBy !== undefined) return { turn: 'wait', heldBy };
  await runtime.ledger.startRun({
    id: run,
    workflow: recordedAs ?? workflow,
    mode: request.mode,
    startedAt: runtime.now().toISOString(),
    ...(request.window === undefined ? {} : { window: request.window }),
  });
  return { turn: 'taken' };
});

export const handler = onLambda(task);
