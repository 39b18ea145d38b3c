import { Duration } from 'aws-cdk-lib';
import { type IMetric, MathExpression, Metric } from 'aws-cdk-lib/aws-cloudwatch';
import { type MetricName, metricNamespace } from '../../core/monitoring/metrics.ts';
import type { Config } from '../config.ts';

/** An alarm, and what it means. */
export interface AlarmSpec {
  /** Its name, and the heading of its section in docs/runbook.md. */
  readonly name: string;
  /** What is the matter when it fires. */
  readonly says: string;
  readonly metric: IMetric;
  /** It fires at this value and above, or, with `below`, beneath it. */
  readonly threshold: number;
  readonly below?: true;
  /** Periods in a row that have to be bad. Default 1. */
  readonly periods?: number;
  /**
   * What a period without a measurement means. `fine`: nothing happened. `bad`: silence is the fault. `as before`: whether
   * measurements come is another alarm's matter, and this one stays as it is.
   */
  readonly silence: 'fine' | 'bad' | 'as before';
}

/** An own measurement of an environment, by the hour in which reports are made. */
export function measured(config: Config, metricName: MetricName, statistic: 'Maximum' | 'Sum'): Metric {
  return new Metric({
    namespace: metricNamespace,
    metricName,
    dimensionsMap: { environment: config.name },
    statistic,
    period: Duration.hours(1),
  });
}

/** CloudWatch evaluates at most so many metrics in one alarm. */
const mostMetrics = 10;

/**
 * The sum of several metrics, in as many expressions as an alarm's limit asks for. A metric without a measurement counts
 * as 0 beside the others.
 */
export function sums(metrics: readonly IMetric[], label: string, period: Duration): MathExpression[] {
  const found: MathExpression[] = [];
  for (let first = 0; first < metrics.length; first += mostMetrics) {
    const group = metrics.slice(first, first + mostMetrics);
    found.push(
      new MathExpression({
        expression: 'SUM(FILL(METRICS(), 0))',
        label,
        period,
        usingMetrics: Object.fromEntries(group.map((metric, index) => [`m${index}`, metric])),
      }),
    );
  }
  return found;
}
