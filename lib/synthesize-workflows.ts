import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { App, CfnElement, Stack } from 'aws-cdk-lib';
import { RetentionDays } from 'aws-cdk-lib/aws-logs';
import type { IConstruct } from 'constructs';
import { z } from 'zod';
import { holdsPeople } from '../core/dsr/erasure-workflow.ts';
import type { Pipeline } from '../core/lake/pipeline.ts';
import { DsrMachine } from './dsr/dsr-machine.ts';
import { DsrTasks } from './dsr/dsr-tasks.ts';
import { LakeTasks } from './lake/lake-tasks.ts';
import { PipelineWorkflows } from './lake/pipeline-workflows.ts';
import { withoutCode } from './lake/task-code.ts';
import { handlerMetadata } from './lake/task-function.ts';

/** The workflows as the app synthesizes them, with stand-ins for the ARNs that only a deployment knows. */
export interface SynthesizedWorkflows {
  /** State machine definitions in Amazon States Language, by workflow. */
  readonly machines: Readonly<Record<string, string>>;
  /** Workflow by the stand-in of its state machine's ARN. */
  readonly workflowByArn: Readonly<Record<string, string>>;
  /** Path of the handler below `lambdas/`, by the stand-in of its function's ARN. */
  readonly handlerByArn: Readonly<Record<string, string>>;
}

const templateShape = z.object({
  Resources: z.record(
    z.string(),
    z.object({
      Type: z.string(),
      Properties: z.record(z.string(), z.unknown()).default({}),
      Metadata: z.record(z.string(), z.unknown()).default({}),
    }),
  ),
});

const functionArn = (id: string) => `arn:aws:lambda:us-east-1:000000000000:function:${id}`;
const machineArn = (id: string) => `arn:aws:states:us-east-1:000000000000:stateMachine:${id}`;

/** Synthesizes the app for some pipelines and takes the state machines out of its template. Nothing is bundled and nothing is kept. */
export function synthesizeWorkflows(pipelines: readonly Pipeline[]): SynthesizedWorkflows {
  const outdir = mkdtempSync(join(tmpdir(), 'lethe-synth-'));
  try {
    const app = new App({
      outdir,
      context: { 'aws:cdk:bundling-stacks': [] },
      analyticsReporting: false,
      builtinCloudFormationValidation: false,
    });
    const stack = new Stack(app, 'Lakehouse');
    const surroundings = { code: withoutCode, logRetention: RetentionDays.ONE_MONTH };
    const tasks = new LakeTasks(stack, 'Tasks', surroundings);
    const workflowsOf = new PipelineWorkflows(stack, 'Workflows', { pipelines, tasks });
    const named = new Map(workflowsOf.machines);
    // The deployed app has it only when AWS has the ledger, vault and prover that it needs.
    const dsrTasks = new DsrTasks(stack, 'DsrTasks', surroundings);
    for (const pipeline of pipelines.filter(holdsPeople)) {
      const prefix = pipelines.length === 1 ? '' : `${pipeline.name}-`;
      const { machines } = new DsrMachine(stack, `${prefix}dsr`, { tasks, dsrTasks, pipeline });
      for (const [name, machine] of machines) named.set(`${prefix}${name}`, machine);
    }
    const template = templateShape.parse(app.synth().getStackArtifact(stack.artifactId).template);
    const workflows = new Map([...named].map(([name, machine]) => [logicalIdOf(stack, machine), name]));
    const machines: Record<string, string> = {};
    const workflowByArn: Record<string, string> = {};
    const handlerByArn: Record<string, string> = {};
    for (const [id, { Type, Properties, Metadata }] of Object.entries(template.Resources)) {
      const handler = Metadata[handlerMetadata];
      const workflow = workflows.get(id);
      if (Type === 'AWS::Lambda::Function' && typeof handler === 'string') handlerByArn[functionArn(id)] = handler;
      if (workflow === undefined) continue;
      machines[workflow] = resolve(Properties.DefinitionString);
      workflowByArn[machineArn(id)] = workflow;
    }
    return { machines, workflowByArn, handlerByArn };
  } finally {
    rmSync(outdir, { recursive: true });
  }
}

function logicalIdOf(stack: Stack, resource: IConstruct): string {
  const { defaultChild } = resource.node;
  if (!(defaultChild instanceof CfnElement)) throw new Error(`${resource.node.path} is no resource`);
  return stack.getLogicalId(defaultChild);
}

const intrinsic = z.union([
  z.string(),
  z.object({ Ref: z.string() }),
  z.object({ 'Fn::GetAtt': z.tuple([z.string(), z.literal('Arn')]) }),
]);
const joined = z.object({ 'Fn::Join': z.tuple([z.literal(''), z.array(intrinsic)]) });

/** A definition's text, with the ARNs that CloudFormation would fill in replaced by stand-ins. */
function resolve(definition: unknown): string {
  if (typeof definition === 'string') return definition;
  const [, parts] = joined.parse(definition)['Fn::Join'];
  return parts
    .map((part) => {
      if (typeof part === 'string') return part;
      if ('Fn::GetAtt' in part) return functionArn(part['Fn::GetAtt'][0]);
      return part.Ref === 'AWS::Partition' ? 'aws' : machineArn(part.Ref);
    })
    .join('');
}
