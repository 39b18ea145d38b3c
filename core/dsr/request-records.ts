import { z } from 'zod';
import type { Batch, ErasureEstimate, ErasureRequest, OpenBatch, StatusEvent } from './request-store.ts';
import { tableLookShape } from './table-look.ts';

const status = z.enum(['pending', 'in_progress', 'completed', 'cancelled']);
const counts = z.record(z.string(), z.record(z.string(), z.object({ all: z.number(), subjects: z.number() })));

/** The ledger's records as they come back from storage. */
export const requestShape: z.ZodType<ErasureRequest> = z.object({
  id: z.string(),
  regulation: z.enum(['gdpr', 'ccpa']),
  submittedAt: z.string(),
  receivedAt: z.string(),
  due: z.string(),
  status,
  pseudonyms: z.array(z.string()),
  batch: z.string().exactOptional(),
  evidence: z.string().exactOptional(),
  endedAt: z.string().exactOptional(),
});

const stage = z.enum(['estimating', 'opened', 'erased', 'proven', 'swept', 'closing', 'closed']);

export const estimateShape: z.ZodType<ErasureEstimate> = z.object({
  at: z.string(),
  requests: z.number(),
  people: z.number(),
  due: z.string().exactOptional(),
  tables: z.record(z.string(), z.object({ rows: z.number(), days: z.number(), files: z.number(), bytes: z.number() })),
  dollars: z.number(),
});

export const batchShape: z.ZodType<Batch> = z.object({
  id: z.string(),
  pipeline: z.string(),
  openedAt: z.string(),
  stage,
  waitsUntil: z.string(),
  requests: z.array(z.string()),
  subjects: z.number(),
  earliestScopeEnd: z.string().exactOptional(),
  rounds: z.array(
    z.object({
      kind: z.enum(['erasure', 'sweep']),
      before: counts,
      countedAt: z.record(z.string(), z.string()).exactOptional(),
      after: counts.exactOptional(),
      erasedAt: z.string().exactOptional(),
      provenAt: z.string().exactOptional(),
      looks: z.record(z.string(), tableLookShape).exactOptional(),
      proof: z
        .array(
          z.object({
            check: z.string(),
            passed: z.boolean(),
            detail: z.string(),
            rewriteManifestsOf: z.array(z.string()).exactOptional(),
          }),
        )
        .exactOptional(),
      failedProofs: z.number().exactOptional(),
      runs: z.array(z.string()),
    }),
  ),
  estimate: estimateShape.exactOptional(),
  closedAt: z.string().exactOptional(),
});

export const openBatchShape: z.ZodType<OpenBatch> = z.object({
  id: z.string(),
  pipeline: z.string(),
  openedAt: z.string(),
  stage,
  waitsUntil: z.string(),
  earliestScopeEnd: z.string().exactOptional(),
});

export const statusEventShape: z.ZodType<StatusEvent> = z.object({ at: z.string(), request: z.string(), status });

export const refusalShape = z.object({ at: z.string(), reason: z.string() });
