import { Duration } from 'aws-cdk-lib';
import {
  type Alarm,
  AlarmStatusWidget,
  Dashboard,
  GraphWidget,
  type IMetric,
  type IWidget,
  Metric,
  PeriodOverride,
} from 'aws-cdk-lib/aws-cloudwatch';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';
import type { StateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import { Construct } from 'constructs';
import type { MetricName } from '../../core/monitoring/metrics.ts';
import type { Config } from '../config.ts';
import { measured } from './alarm-spec.ts';

export interface LakeDashboardProps {
  readonly config: Config;
  readonly alarms: readonly Alarm[];
  readonly machines: ReadonlyMap<string, StateMachine>;
  readonly deadLetters: ReadonlyMap<string, IQueue>;
  /** The pipeline's Athena workgroup. */
  readonly workGroup: string;
}

/** One page for who is woken up: all alarms, then what they are made from. */
export class LakeDashboard extends Construct {
  constructor(scope: Construct, id: string, { config, alarms, machines, deadLetters, workGroup }: LakeDashboardProps) {
    super(scope, id);
    const own = (title: string, statistic: 'Maximum' | 'Sum', ...names: MetricName[]): IWidget =>
      graph(
        title,
        names.map((name) => measured(config, name, statistic)),
      );
    const scanned = new Metric({
      namespace: 'AWS/Athena',
      metricName: 'ProcessedBytes',
      dimensionsMap: { WorkGroup: workGroup, QueryState: 'SUCCEEDED', QueryType: 'DML' },
      statistic: 'Sum',
      period: Duration.hours(1),
    });
    const runs = (pick: (machine: StateMachine) => IMetric) => [...machines.values()].map(pick);
    new Dashboard(this, 'Dashboard', {
      dashboardName: config.name,
      defaultInterval: Duration.days(7),
      periodOverride: PeriodOverride.INHERIT,
      widgets: [
        [new AlarmStatusWidget({ title: 'Alarms', alarms: [...alarms], width: 24, height: 5 })],
        [
          own('Bronze behind Kafka, minutes', 'Maximum', 'SourceDelayMinutes'),
          own('Periods late', 'Maximum', 'PeriodsLate'),
          own('Rejected records, %', 'Maximum', 'RejectedShare'),
        ],
        [
          graph(
            'Runs that failed',
            runs((machine) => machine.metricFailed({ statistic: 'Sum' })),
          ),
          graph(
            'Time of runs, ms',
            runs((machine) => machine.metricTime({ statistic: 'Maximum' })),
          ),
          own('Failed tasks', 'Sum', 'TaskFailed'),
        ],
        [
          own('Slowest statement, s', 'Maximum', 'StatementTime'),
          graph('Bytes read by statements', [scanned, measured(config, 'StatementBytes', 'Sum')]),
          own('Athena, dollars in 24 hours', 'Maximum', 'AthenaDollarsPerDay'),
        ],
        [
          own('Open requests for erasure', 'Maximum', 'RequestsOpen', 'RequestsDueSoon'),
          own('Oldest open request, hours', 'Maximum', 'OldestRequestHours'),
          own('Batches that failed or stand still', 'Maximum', 'ErasuresFailed', 'BatchesStuck'),
        ],
        [
          own('From request to absence, hours', 'Maximum', 'LogicalErasureHours', 'PhysicalErasureHours'),
          own('Rows erased and rewritten', 'Sum', 'RowsErased', 'RowsRewritten'),
          own('Bytes rewritten', 'Sum', 'BytesRewritten'),
        ],
        [
          own('Files in the fullest partition, snapshots', 'Maximum', 'MostFilesInPartition', 'MostSnapshots'),
          own('Findings of data quality', 'Maximum', 'DataQualityWarnings', 'DataQualityFailures'),
          own('Days held beyond retention', 'Maximum', 'RetentionDaysHeld'),
        ],
        [
          own('Events refused', 'Sum', 'EventsRefused'),
          own('Reports of state', 'Sum', 'StateReports'),
          graph(
            'Dead letters',
            [...deadLetters.values()].map((queue) =>
              queue.metricApproximateNumberOfMessagesVisible({ statistic: 'Maximum' }),
            ),
          ),
        ],
      ],
    });
  }
}

function graph(title: string, left: IMetric[]): GraphWidget {
  return new GraphWidget({ title, left, width: 8, height: 6 });
}
