import { findWorkflow } from '../../core/lake/find.ts';
import { validateSources, windowToCount } from '../../core/lake/plan-from-sources.ts';
import { onLambda } from './on-lambda.ts';
import { defineTask, runPayload } from './task.ts';

/** Makes sure that the sources have delivered the window, and says for which days their records have to be counted. */
export const task = defineTask(runPayload, async (runtime, { pipeline, workflow, request }) => {
  const found = findWorkflow(runtime, { pipeline, workflow });
  const window = await windowToCount(runtime, found.workflow, request);
  await validateSources(runtime, found.pipeline, request, window);
  return { window };
});

export const handler = onLambda(
  task,
  () => import('./with-athena.ts'),
  () => import('./with-sink.ts'),
);
