import { JsonPath, Map as MapState, type StateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import { Construct } from 'constructs';
import { rebuildName } from '../../core/dsr/erasure-workflow.ts';
import { rebuiltStages } from '../../core/dsr/rebuilt-stages.ts';
import type { Pipeline, Workflow } from '../../core/lake/pipeline.ts';
import type { LakeTasks } from '../lake/lake-tasks.ts';
import { stagedStatements } from '../lake/staged-statements.ts';
import { runOf } from '../lake/workflow-machine.ts';
import type { DsrTasks } from './dsr-tasks.ts';

export interface RebuildMachineProps {
  readonly tasks: LakeTasks;
  readonly dsrTasks: DsrTasks;
  readonly pipeline: Pipeline;
  /** A workflow that cleans sources. */
  readonly workflow: Workflow;
}

/**
 * What a workflow makes from the cleaned facts, made again for windows that lost rows, under that workflow's own turn. The
 * facts themselves stay, since sources may hold later records.
 */
export class RebuildMachine extends Construct {
  readonly stateMachine: StateMachine;

  constructor(scope: Construct, id: string, props: RebuildMachineProps) {
    super(scope, id);
    const { tasks, dsrTasks, pipeline, workflow } = props;
    const record = dsrTasks.invoke(this, 'Record the pass', 'dsr/record-rebuild', {
      pipeline: pipeline.name,
      workflow: workflow.name,
      window: JsonPath.objectAt('$.window'),
    });
    const stages = rebuiltStages(pipeline, workflow);
    const names = { tasks, pipeline: pipeline.name, workflow: workflow.name };
    const first = stagedStatements(this, { ...names, stages, next: record });
    const passes = new MapState(this, 'For each pass', {
      itemsPath: '$.request.windows',
      itemSelector: { window: JsonPath.objectAt('$$.Map.Item.Value') },
      maxConcurrency: 1,
      resultPath: JsonPath.DISCARD,
    }).itemProcessor(first);
    const sentence = `Makes again what ${workflow.name} makes from cleaned facts, for days that lost rows.`;
    this.stateMachine = runOf(this, { tasks, pipeline, workflow, recordedAs: rebuildName(workflow) }, passes, sentence);
  }
}
