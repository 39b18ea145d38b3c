import { type CloudWatchClient, DescribeAlarmsCommand } from '@aws-sdk/client-cloudwatch';
import type { Deployment } from '../../core/lake/deployment.ts';
import { type Finding, fault, looked, well } from './finding.ts';

export interface AlarmClients {
  readonly cloudWatch: CloudWatchClient;
}

/** Looks at the environment's alarms: that they are there, and which of them fire. */
export function checkAlarms({ name }: Deployment, { cloudWatch }: AlarmClients): Promise<Finding[]> {
  return looked('alarms', async () => {
    const { MetricAlarms = [] } = await cloudWatch.send(
      new DescribeAlarmsCommand({ AlarmNamePrefix: `${name}-`, AlarmTypes: ['MetricAlarm'], MaxRecords: 100 }),
    );
    if (MetricAlarms.length === 0) {
      return [fault('alarms', 'there are none', 'Deploy the environment: npx cdk deploy --all -c env=NAME.')];
    }
    const firing = MetricAlarms.filter(({ StateValue }) => StateValue === 'ALARM');
    if (firing.length === 0) return [well('alarms', `none of ${MetricAlarms.length} fires`)];
    return firing.map(({ AlarmName = '' }) => {
      const section = AlarmName.slice(name.length + 1).replace(/-\d+$/, '');
      return fault(`alarm ${AlarmName}`, 'fires', `See docs/runbook.md#${section}.`);
    });
  });
}
