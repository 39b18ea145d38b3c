import type { Construct } from 'constructs';
import type { TaskFunctionProps } from '../lake/task-function.ts';
import { TaskFunctions } from '../lake/task-functions.ts';

const handlers = [
  'dsr/plan-batches',
  'dsr/plan-inventory',
  'dsr/join-round',
  'dsr/record-inventory',
  'dsr/estimate-erasure',
  'dsr/plan-erasure',
  'dsr/seal-periods',
  'dsr/verify-deletion',
  'dsr/record-rebuild',
  'dsr/record-erased',
  'dsr/plan-proof',
  'dsr/look-at-table',
  'dsr/read-part',
  'dsr/record-look',
  'dsr/prove-erasure',
  'dsr/close-batch',
] as const;

/** A task of an erasure, by the path of its handler below `lambdas/`. */
export type DsrHandler = (typeof handlers)[number];

/** The functions of the erasure's workflow. */
export class DsrTasks extends TaskFunctions<DsrHandler> {
  constructor(scope: Construct, id: string, props: Omit<TaskFunctionProps, 'handler'>) {
    super(scope, id, handlers, () => props);
  }
}
