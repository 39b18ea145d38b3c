import { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import type { Runtime } from '../../core/lake/runtime.ts';
import type { TaskSettings } from '../../core/lake/task-settings.ts';
import { tracer } from '../monitoring/observed.ts';
import { EventBridgeBus } from './event-bridge-bus.ts';
import { withPorts } from './with-requests.ts';

export function extend(runtime: Runtime, { erasures }: TaskSettings): Runtime {
  const client = tracer.captureAWSv3Client(new EventBridgeClient({}));
  return withPorts(runtime, { bus: new EventBridgeBus({ client, busName: erasures.busName }) });
}
