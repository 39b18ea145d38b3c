import { z } from 'zod';
import type { BuiltPeriod, RunRecord, StatementRecord } from '../../core/lake/run-ledger.ts';
import { windowPayload } from './task.ts';

export const tableSizePayload = z.object({
  files: z.number(),
  bytes: z.number(),
  mostFiles: z.number(),
  snapshots: z.number(),
});

/** The ledger's records as they come back from storage. */
export const runRecordShape: z.ZodType<RunRecord> = z.object({
  id: z.string(),
  workflow: z.string(),
  mode: z.enum(['scheduled', 'named', 'backfill']),
  window: windowPayload.exactOptional(),
  startedAt: z.string(),
  finishedAt: z.string().exactOptional(),
  outcome: z.enum(['succeeded', 'failed']).exactOptional(),
  failure: z.string().exactOptional(),
  maintenance: z
    .array(
      z.object({
        table: z.string(),
        drops: z.array(windowPayload),
        rewrites: z.array(windowPayload),
        expires: z.boolean(),
        before: tableSizePayload,
        after: tableSizePayload.exactOptional(),
      }),
    )
    .exactOptional(),
});

export const statementRecordShape: z.ZodType<StatementRecord> = z.object({
  run: z.string(),
  workflow: z.string(),
  window: windowPayload,
  statement: z.string(),
  table: z.string().exactOptional(),
  id: z.string(),
  outcome: z.enum(['succeeded', 'failed', 'cancelled']),
  code: z.string().exactOptional(),
  rowsChanged: z.number().exactOptional(),
  bytesScanned: z.number(),
  millis: z.number(),
  finishedAt: z.string(),
});

export const builtPeriodShape: z.ZodType<BuiltPeriod> = z.object({
  workflow: z.string(),
  period: windowPayload,
  builtAt: z.string(),
  revision: z.string(),
  inputs: z.record(z.string(), z.string()),
  firstInputs: z.record(z.string(), z.string()).exactOptional(),
  completeThrough: z.string(),
  state: z.enum(['provisional', 'final', 'dropped']),
  sealed: z.literal(true).exactOptional(),
});
