import {
  type CloudWatchClient,
  type DescribeAlarmsCommandInput,
  type MetricAlarm,
  paginateDescribeAlarms,
} from '@aws-sdk/client-cloudwatch';
import type { Deployment } from '../../core/lake/deployment.ts';
import { type Finding, fault, looked, well } from './finding.ts';

export interface AlarmClients {
  readonly cloudWatch: CloudWatchClient;
}

/** Looks at the environment's alarms: that they are there, and which of them fire. */
export function checkAlarms({ name }: Deployment, { cloudWatch }: AlarmClients): Promise<Finding[]> {
  return looked('alarms', async () => {
    const alarms: MetricAlarm[] = [];
    const asked: DescribeAlarmsCommandInput = { AlarmNamePrefix: `${name}-`, AlarmTypes: ['MetricAlarm'] };
    for await (const { MetricAlarms = [] } of paginateDescribeAlarms({ client: cloudWatch, pageSize: 100 }, asked)) {
      alarms.push(...MetricAlarms.filter((alarm) => isOf(name, alarm)));
    }
    if (alarms.length === 0) {
      return [fault('alarms', 'there are none', 'Deploy the environment: npx cdk deploy --all -c env=NAME.')];
    }
    const firing = alarms.filter(({ StateValue }) => StateValue === 'ALARM');
    if (firing.length === 0) return [well('alarms', `none of ${alarms.length} fires`)];
    return firing.map(({ AlarmName = '' }) => {
      return fault(`alarm ${AlarmName}`, 'fires', `See ${runbookSection(name, AlarmName)}.`);
    });
  });
}

/** Where the runbook tells of an environment's alarm. */
function runbookSection(environment: string, alarm: string): string {
  return `docs/runbook.md#${alarm.slice(environment.length + 1).replace(/-\d+$/, '')}`;
}

/**
 * Whether an alarm is the environment's own: each one's description ends with its section of the runbook. The prefix of `lethe`
 * finds those of `lethe-prod` too, which lead elsewhere than what follows `lethe-` says.
 */
function isOf(environment: string, { AlarmName = '', AlarmDescription = '' }: MetricAlarm): boolean {
  return AlarmDescription.endsWith(` ${runbookSection(environment, AlarmName)}`);
}
