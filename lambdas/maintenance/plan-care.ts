import { findWorkflow } from '../../core/lake/find.ts';
import { planCare, reportCare } from '../../core/maintenance/plan-care.ts';
import { onLambda } from '../lake/on-lambda.ts';
import { defineTask } from '../lake/task.ts';
import { maintenancePayload, rowsPayload } from './maintenance-payload.ts';

/** Says which tables need what, by how they were measured; on a dry run it is only put on record. */
export const task = defineTask(maintenancePayload.extend({ rows: rowsPayload }), async (runtime, payload) => {
  const { run, request, window, rows } = payload;
  const { pipeline } = findWorkflow(runtime, payload);
  const cares = planCare(runtime, pipeline, { ...request, window }, rows);
  await runtime.ledger.recordMaintenance(run, reportCare(cares));
  return { tables: request.dryRun ? [] : cares };
});

export const handler = onLambda(task);
