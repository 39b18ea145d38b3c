import { z } from 'zod';
import type { Runtime } from '../../core/lake/runtime.ts';

/** One task of a workflow: what it is given, and what it does with it wherever it runs. */
export interface Task {
  /** @param input the state's payload, checked here. @throws z.ZodError when the workflow passes something else. */
  run(runtime: Runtime, input: unknown): Promise<unknown>;
}

/** Declares a task by the shape of its payload. */
export function defineTask<S extends z.ZodType>(
  payload: S,
  run: (runtime: Runtime, input: z.infer<S>) => Promise<unknown>,
): Task {
  return { run: async (runtime, input) => run(runtime, payload.parse(input)) };
}

export const windowPayload = z.object({
  grain: z.enum(['minute', 'hour', 'day', 'week', 'month']),
  from: z.string(),
  to: z.string(),
});

/** What every task of a pipeline's workflow is told: which run of what, and what was asked for. */
export const runPayload = z.object({
  run: z.string(),
  pipeline: z.string(),
  workflow: z.string(),
  request: z.object({
    mode: z.enum(['scheduled', 'named', 'backfill']).default('scheduled'),
    window: windowPayload.optional(),
    table: z.string().optional(),
  }),
});

export const countsPayload = z.record(z.string(), z.record(z.string(), z.string()));
