import { CloudWatchClient } from '@aws-sdk/client-cloudwatch';
import type { Runtime } from '../../core/lake/runtime.ts';
import type { TaskSettings } from '../../core/lake/task-settings.ts';
import { tracer } from '../monitoring/observed.ts';
import { sinkWatermark } from './sink-watermark.ts';

/** A runtime that knows how far the sink has come; it has an engine already. */
export function withSink(runtime: Runtime, { sinkLag }: TaskSettings, client: CloudWatchClient): Runtime {
  const { engine, statement, now, sleep } = runtime;
  const lag = sinkLag === undefined ? {} : { lag: { ...sinkLag, client } };
  return { ...runtime, watermark: sinkWatermark({ engine, statement, now, sleep, ...lag }) };
}

export function extend(runtime: Runtime, settings: TaskSettings): Runtime {
  return withSink(runtime, settings, tracer.captureAWSv3Client(new CloudWatchClient({})));
}
