import { findWorkflow } from '../../core/lake/find.ts';
import { planRetention } from '../../core/maintenance/retention.ts';
import { onLambda } from '../lake/on-lambda.ts';
import { defineTask, runPayload } from '../lake/task.ts';

/** Says which days are kept, and which of them only because what is made from them is not final. */
export const task = defineTask(runPayload, (runtime, names) =>
  planRetention(runtime, findWorkflow(runtime, names).pipeline),
);

export const handler = onLambda(task);
