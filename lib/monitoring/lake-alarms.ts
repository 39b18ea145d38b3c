import { Alarm, ComparisonOperator, TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import { Construct } from 'constructs';
import type { AlarmSpec } from './alarm-spec.ts';

export interface LakeAlarmsProps {
  /** What the names of all alarms begin with. */
  readonly prefix: string;
  readonly specs: readonly AlarmSpec[];
  readonly topic: ITopic;
}

const missing = {
  fine: TreatMissingData.NOT_BREACHING,
  bad: TreatMissingData.BREACHING,
  'as before': TreatMissingData.IGNORE,
} as const;

/** The section of the runbook that an alarm's name leads to. */
export function runbookAnchor(name: string): string {
  return `docs/runbook.md#${name.replace(/-\d+$/, '')}`;
}

/** The alarms, each with a way to the runbook; the topic is told when one fires and when it is over. */
export class LakeAlarms extends Construct {
  readonly alarms: readonly Alarm[];

  constructor(scope: Construct, id: string, { prefix, specs, topic }: LakeAlarmsProps) {
    super(scope, id);
    const action = new SnsAction(topic);
    this.alarms = specs.map((spec) => {
      const alarm = new Alarm(this, spec.name, {
        alarmName: `${prefix}-${spec.name}`,
        alarmDescription: `${spec.says} What to do: ${runbookAnchor(spec.name)}`,
        metric: spec.metric,
        threshold: spec.threshold,
        comparisonOperator:
          spec.below === true
            ? ComparisonOperator.LESS_THAN_THRESHOLD
            : ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
        evaluationPeriods: spec.periods ?? 1,
        treatMissingData: missing[spec.silence],
      });
      alarm.addAlarmAction(action);
      alarm.addOkAction(action);
      return alarm;
    });
  }
}
