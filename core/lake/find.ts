import { maintenanceWorkflow } from '../maintenance/retention.ts';
import { type Pipeline, type Workflow, workflowOf } from './pipeline.ts';
import type { Runtime } from './runtime.ts';

/** The declared pipeline and workflow that a payload names. @throws Error when the runtime has no such pipeline or workflow. */
export function findWorkflow(
  runtime: Runtime,
  names: { readonly pipeline: string; readonly workflow: string },
): { pipeline: Pipeline; workflow: Workflow } {
  const pipeline = runtime.pipelines.find((candidate) => candidate.name === names.pipeline);
  if (pipeline === undefined) throw new Error(`There is no pipeline ${names.pipeline}`);
  const maintenance = maintenanceWorkflow(pipeline);
  if (names.workflow === maintenance.name) return { pipeline, workflow: maintenance };
  return { pipeline, workflow: workflowOf(pipeline, names.workflow) };
}
