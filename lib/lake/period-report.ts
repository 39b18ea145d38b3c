import { Choice, Condition, type IChainable } from 'aws-cdk-lib/aws-stepfunctions';
import type { Construct } from 'constructs';
import type { Pipeline, Workflow } from '../../core/lake/pipeline.ts';
import type { LakeTasks } from './lake-tasks.ts';
import { statementStates } from './statement-states.ts';

export interface PeriodReportProps {
  readonly tasks: LakeTasks;
  readonly pipeline: Pipeline;
  readonly workflow: Workflow;
  readonly next: IChainable;
}

/** Tells dashboards how far the periods of `$.settled.window` can be trusted, if `$.settled.report` is `some` and the workflow keeps a table of that. */
export function periodReport(scope: Construct, { tasks, pipeline, workflow, next }: PeriodReportProps): IChainable {
  if (workflow.periodStatus === undefined) return next;
  const write = statementStates(scope, {
    tasks,
    pipeline: pipeline.name,
    workflow: workflow.name,
    statement: workflow.periodStatus.statement,
    verb: 'Write',
    windowPath: '$.settled.window',
    next,
  });
  return new Choice(scope, 'Any period to report?')
    .when(Condition.stringEquals('$.settled.report', 'some'), write)
    .otherwise(next);
}
