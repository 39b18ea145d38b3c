import { z } from 'zod';
import { findWorkflow } from '../../core/lake/find.ts';
import { recordCare } from '../../core/maintenance/record-care.ts';
import { tableSizePayload } from '../lake/ledger-records.ts';
import { onLambda } from '../lake/on-lambda.ts';
import { defineTask, runPayload, windowPayload } from '../lake/task.ts';
import { rowsPayload } from './maintenance-payload.ts';

const windows = z.array(windowPayload);

const payload = runPayload.extend({
  request: z.object({
    mode: z.enum(['scheduled', 'named', 'backfill']),
    table: z.string(),
    window: windowPayload,
    drops: windows,
    rewrites: windows,
    expiries: windows,
    before: tableSizePayload,
  }),
  rows: rowsPayload,
});

/** Puts on record how a table lies now, and makes sure that what had to go is gone. */
export const task = defineTask(payload, async (runtime, { run, pipeline, workflow, request, rows }) => {
  await recordCare(runtime, findWorkflow(runtime, { pipeline, workflow }).pipeline, run, request, rows);
  return {};
});

export const handler = onLambda(task);
