import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { Erasures } from '../../core/dsr/erasures.ts';
import { erasuresOf } from '../../core/dsr/ports.ts';
import type { Runtime } from '../../core/lake/runtime.ts';
import type { ErasureSettings, TaskSettings } from '../../core/lake/task-settings.ts';
import { tracer } from '../monitoring/observed.ts';
import { DynamoRequestStore } from './dynamo-request-store.ts';

const without = () => Promise.reject(new Error('This task was made without what it asks an erasure for'));

/** A runtime with the ledger of requests. All else that an erasure needs is added by further extensions. */
export function withRequests(runtime: Runtime, { requestsTable }: ErasureSettings, dynamo: DynamoDBClient): Runtime {
  const erasures: Erasures = {
    store: new DynamoRequestStore({ client: dynamo, table: requestsTable }),
    vault: { put: without, get: without, destroy: without },
    subjects: { write: without, read: without, destroy: without },
    keys: { pseudonym: without, sign: without, publicKey: without },
    evidence: { keep: without },
    prover: { look: without, readPart: without, condemnedFiles: without },
    clock: 'real',
  };
  return { ...runtime, erasures };
}

/** The same runtime with some of what an erasure needs. */
export function withPorts(runtime: Runtime, ports: Partial<Erasures>): Runtime {
  return { ...runtime, erasures: { ...erasuresOf(runtime), ...ports } };
}

export function extend(runtime: Runtime, { erasures }: TaskSettings): Runtime {
  return withRequests(runtime, erasures, tracer.captureAWSv3Client(new DynamoDBClient({})));
}
