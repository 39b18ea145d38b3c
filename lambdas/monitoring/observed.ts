import { Logger } from '@aws-lambda-powertools/logger';
import { Metrics, MetricUnit } from '@aws-lambda-powertools/metrics';
import { Tracer } from '@aws-lambda-powertools/tracer';
import type { Context } from 'aws-lambda';
import { z } from 'zod';
import { failureLine } from '../../core/lake/failure-line.ts';
import { type Measure, type MetricName, metricNamespace, metricUnits } from '../../core/monitoring/metrics.ts';

const serviceName = 'lethe';
// Never the event: a payload is logged by the fields named below, and by no others.
const logger = new Logger({ serviceName });
const metrics = new Metrics({ namespace: metricNamespace, serviceName });
// What a task returns holds record counts and plans; a trace needs neither.
export const tracer = new Tracer({ serviceName, captureHTTPsRequests: false });

/** Takes measurements of an environment; they are published when the invocation ends. */
export function measureIn(environment: string): Measure {
  // Without `service`, which says nothing here: an alarm has to name every dimension.
  metrics.clearDefaultDimensions();
  metrics.setDefaultDimensions({ environment });
  return (name, value) => metrics.addMetric(name, unitOf[metricUnits[name]], value);
}

const unitOf = {
  Count: MetricUnit.Count,
  Seconds: MetricUnit.Seconds,
  Bytes: MetricUnit.Bytes,
  Percent: MetricUnit.Percent,
  None: MetricUnit.NoUnit,
} as const;

/** The only parts of a payload that may be logged: names of runs and catalogued things, and dates. */
const loggedFields = z.object({
  run: z.string().optional(),
  pipeline: z.string().optional(),
  workflow: z.string().optional(),
  statement: z.string().optional(),
  table: z.string().optional(),
  window: z.object({ grain: z.string(), from: z.string(), to: z.string() }).optional(),
});

/**
 * Does the work of one invocation under a trace, with its outcome logged and counted.
 *
 * @throws an error of the same name whose message is safe: Lambda logs what is thrown and the workflow's history keeps it.
 */
export async function observed<T>(context: Context, input: unknown, work: () => Promise<T>): Promise<T> {
  const fields = loggedFields.safeParse(input).data ?? {};
  const segment = tracer.isTracingEnabled() ? tracer.getSegment() : undefined;
  const subsegment = segment?.addNewSubsegment('## task');
  if (subsegment !== undefined) tracer.setSegment(subsegment);
  logger.addContext(context);
  const began = performance.now();
  try {
    const result = await work();
    logger.info('Task done', { ...fields, millis: Math.round(performance.now() - began) });
    return result;
  } catch (error) {
    const safe = safeError(error);
    logger.error('Task failed', { ...fields, error: safe.name, reason: safe.message, frames: framesOf(error) });
    metrics.addMetric('TaskFailed' satisfies MetricName, MetricUnit.Count, 1);
    subsegment?.addFaultFlag();
    throw safe;
  } finally {
    metrics.publishStoredMetrics();
    subsegment?.close();
    if (segment !== undefined) tracer.setSegment(segment);
  }
}

/** Puts into the log which columns of tables no declaration has: the names of columns, and never what is in them. */
export function noteUndeclared(columns: readonly string[]): void {
  if (columns.length > 0) logger.warn('Columns that no declaration has were left as they are', { columns });
}

function safeError(error: unknown): Error {
  const name = error instanceof Error ? error.name : 'Error';
  const safe = new Error(failureLine(name, error instanceof Error ? error.message : ''));
  safe.name = name;
  // The first line of a stack repeats the message, and Lambda logs the stack.
  safe.stack = `${name}: ${safe.message}`;
  return safe;
}

/** Where an error came from, without its message. */
function framesOf(error: unknown): string[] {
  const lines = error instanceof Error ? (error.stack ?? '').split('\n') : [];
  return lines.map((line) => line.trim()).filter((line) => line.startsWith('at '));
}
