import { GetScheduleCommand, ListSchedulesCommand, type SchedulerClient } from '@aws-sdk/client-scheduler';
import { ListExecutionsCommand, type SFNClient } from '@aws-sdk/client-sfn';
import type { Deployment } from '../../core/lake/deployment.ts';
import { type Finding, fault, looked, warning, well } from './finding.ts';

export interface WorkflowClients {
  readonly scheduler: SchedulerClient;
  readonly states: SFNClient;
}

/** Looks at schedules, and at how the last run of what each of them starts has ended. */
export function checkWorkflows(deployment: Deployment, { scheduler, states }: WorkflowClients): Promise<Finding[]> {
  const { scheduleGroup: GroupName, schedulesEnabled } = deployment;
  const deploy = 'Deploy the environment: npx cdk deploy --all -c env=NAME.';
  const check = async () => {
    const { Schedules = [] } = await scheduler.send(new ListSchedulesCommand({ GroupName }));
    if (Schedules.length === 0) return [fault('schedules', 'there are none', deploy)];
    const findings: Finding[] = [];
    for (const { Name } of Schedules) {
      const what = `schedule ${Name ?? ''}`;
      const { State, Target } = await scheduler.send(new GetScheduleCommand({ GroupName, Name }));
      const enabled = State === 'ENABLED';
      findings.push(
        enabled === schedulesEnabled
          ? well(what, enabled ? 'is enabled' : 'is disabled, as configured')
          : fault(
              what,
              enabled ? 'is enabled, though configured not to be' : 'is disabled',
              `${deploy} Somebody has changed it.`,
            ),
      );
      // The report of the lake's state is a function; whether it runs is an alarm's matter.
      if (Target?.Arn?.includes(':states:') === true) findings.push(await lastRun(Target.Arn, states));
    }
    return findings;
  };
  return looked('schedules', check, { ResourceNotFoundException: deploy });
}

async function lastRun(stateMachineArn: string, states: SFNClient): Promise<Finding> {
  const what = `last run of ${stateMachineArn.split(':').at(-1) ?? ''}`;
  const { executions } = await states.send(new ListExecutionsCommand({ stateMachineArn, maxResults: 1 }));
  const [last] = executions ?? [];
  if (last === undefined)
    return warning(what, 'there was none yet', 'Wait for its time, or start a backfill: docs/deploy.md.');
  if (last.status === 'SUCCEEDED' || last.status === 'RUNNING') return well(what, (last.status ?? '').toLowerCase());
  return fault(
    what,
    (last.status ?? 'unknown').toLowerCase(),
    `Read its cause: aws stepfunctions describe-execution --execution-arn ${last.executionArn}`,
  );
}
