import { z } from 'zod';
import { runPayload, windowPayload } from '../lake/task.ts';

/** What a run of maintenance is told, and what it was asked for. */
export const maintenancePayload = runPayload.extend({
  request: z.object({
    mode: z.enum(['scheduled', 'named', 'backfill']).default('scheduled'),
    /** Say what would be done, and do nothing. */
    dryRun: z.boolean().default(false),
  }),
  /** The days that are kept. */
  window: windowPayload,
});

/** Rows as a statement answered them. */
export const rowsPayload = z.array(z.record(z.string(), z.string().nullable()));
