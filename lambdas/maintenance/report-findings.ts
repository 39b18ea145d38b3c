import { reportFindings } from '../../core/maintenance/report-findings.ts';
import { onLambda } from '../lake/on-lambda.ts';
import { defineTask, runPayload } from '../lake/task.ts';
import { rowsPayload } from './maintenance-payload.ts';

/** Measures how many findings about the newest day are worth a look. */
export const task = defineTask(runPayload.extend({ rows: rowsPayload }), async (runtime, { rows }) => {
  reportFindings(runtime, rows);
  return {};
});

export const handler = onLambda(task);
