import { erasureWorkflow, tableErasureWorkflow, tableProofWorkflow } from '../dsr/erasure-workflow.ts';
import { maintenanceWorkflow, tableMaintenanceWorkflow } from '../maintenance/maintenance-workflow.ts';
import { type Pipeline, type Workflow, workflowOf } from './pipeline.ts';
import type { Runtime } from './runtime.ts';

/** The declared pipeline and workflow that a payload names. @throws Error when the runtime has no such pipeline or workflow. */
export function findWorkflow(
  runtime: Runtime,
  names: { readonly pipeline: string; readonly workflow: string },
): { pipeline: Pipeline; workflow: Workflow } {
  const pipeline = pipelineOf(runtime, names.pipeline);
  const general = [
    maintenanceWorkflow(pipeline),
    tableMaintenanceWorkflow(pipeline),
    erasureWorkflow(pipeline),
    tableErasureWorkflow(pipeline),
    tableProofWorkflow(pipeline),
  ];
  const found = general.find(({ name }) => name === names.workflow);
  if (found !== undefined) return { pipeline, workflow: found };
  return { pipeline, workflow: workflowOf(pipeline, names.workflow) };
}

/** The declared pipeline of a name. @throws Error when the runtime has none such. */
export function pipelineOf(runtime: Runtime, name: string): Pipeline {
  const pipeline = runtime.pipelines.find((candidate) => candidate.name === name);
  if (pipeline === undefined) throw new Error(`There is no pipeline ${name}`);
  return pipeline;
}
