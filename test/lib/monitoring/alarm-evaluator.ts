import { z } from 'zod';
import { textOf } from '../policies.ts';
import type { Template } from '../synthesized-app.ts';

/** One measurement, as CloudWatch takes it. */
export interface Datum {
  readonly at: Date;
  readonly value: number;
}

/** Measurements by metric: `namespace name key=value,…`. */
export type Series = ReadonlyMap<string, readonly Datum[]>;

export type AlarmState = 'OK' | 'ALARM';

const metricShape = {
  Namespace: z.string(),
  MetricName: z.string(),
  Dimensions: z.array(z.object({ Name: z.string(), Value: z.unknown() })).default([]),
};
const statistic = z.enum(['Sum', 'Maximum', 'Minimum']);
const ofOneMetric = z.object({ ...metricShape, Statistic: statistic, Period: z.number() });
const ofSeveral = z.object({
  Metrics: z.array(
    z.object({
      Expression: z.literal('SUM(FILL(METRICS(), 0))').optional(),
      MetricStat: z.object({ Metric: z.object(metricShape), Stat: statistic, Period: z.number() }).optional(),
      ReturnData: z.boolean().optional(),
    }),
  ),
});
const alarmShape = z.object({
  Threshold: z.number(),
  EvaluationPeriods: z.number(),
  ComparisonOperator: z.enum(['GreaterThanOrEqualToThreshold', 'LessThanThreshold']),
  TreatMissingData: z.enum(['breaching', 'notBreaching', 'ignore']),
});

/** A metric that an alarm looks at, by the key of {@link Series}. */
interface Source {
  readonly key: string;
  readonly statistic: z.infer<typeof statistic>;
}

/** An alarm as its template defines it. What this evaluator does not know is an error, never a silent OK. */
export class EvaluatedAlarm {
  readonly periodSeconds: number;
  readonly sources: readonly Source[];
  readonly #alarm: z.infer<typeof alarmShape>;

  constructor(properties: Record<string, unknown>, storage: Template) {
    this.#alarm = alarmShape.parse(properties);
    const keyOf = ({ Namespace, MetricName, Dimensions }: z.infer<typeof ofOneMetric>) => {
      const dimensions = Dimensions.map(({ Name, Value }) => `${Name}=${textOf(Value, storage)}`).sort();
      return `${Namespace} ${MetricName} ${dimensions.join(',')}`;
    };
    const one = ofOneMetric.safeParse(properties).data;
    const stats =
      one === undefined
        ? ofSeveral
            .parse(properties)
            .Metrics.flatMap(({ MetricStat }) =>
              MetricStat === undefined
                ? []
                : [{ ...MetricStat.Metric, Statistic: MetricStat.Stat, Period: MetricStat.Period }],
            )
        : [one];
    if (stats.length > 10) throw new Error('CloudWatch evaluates at most ten metrics in an alarm');
    const [period, ...others] = new Set(stats.map(({ Period }) => Period));
    if (period === undefined || others.length > 0) throw new Error('the metrics of an alarm share one period');
    this.periodSeconds = period;
    this.sources = stats.map((stat) => ({ key: keyOf(stat), statistic: stat.Statistic }));
  }

  /** The states of the alarm at the end of each of its periods between two instants, beginning with OK. */
  statesBetween(series: Series, from: Date, to: Date): AlarmState[] {
    const periodMillis = this.periodSeconds * 1000;
    const first = Math.floor(from.getTime() / periodMillis) * periodMillis;
    const breaches: (boolean | undefined)[] = [];
    const states: AlarmState[] = [];
    let state: AlarmState = 'OK';
    for (let start = first; start < to.getTime(); start += periodMillis) {
      breaches.push(this.#breach(series, start, start + periodMillis));
      state = this.#next(state, breaches.slice(-this.#alarm.EvaluationPeriods));
      states.push(state);
    }
    return states;
  }

  #next(before: AlarmState, breaches: readonly (boolean | undefined)[]): AlarmState {
    const { EvaluationPeriods, TreatMissingData } = this.#alarm;
    if (breaches.length < EvaluationPeriods) return before;
    if (TreatMissingData === 'ignore' && breaches.includes(undefined)) return before;
    return breaches.every((breach) => breach ?? TreatMissingData === 'breaching') ? 'ALARM' : 'OK';
  }

  /** Whether a period is bad; undefined when nothing was measured in it. */
  #breach(series: Series, start: number, end: number): boolean | undefined {
    const values = this.sources.flatMap(({ key, statistic: of }) => {
      const data = (series.get(key) ?? []).filter(({ at }) => at.getTime() >= start && at.getTime() < end);
      return data.length === 0 ? [] : [aggregate(of, data)];
    });
    if (values.length === 0) return undefined;
    // One metric, or the sum of several in which a missing one counts as 0.
    const value = values.reduce((sum, each) => sum + each, 0);
    const { ComparisonOperator, Threshold } = this.#alarm;
    return ComparisonOperator === 'LessThanThreshold' ? value < Threshold : value >= Threshold;
  }
}

function aggregate(of: Source['statistic'], data: readonly Datum[]): number {
  const values = data.map(({ value }) => value);
  if (of === 'Sum') return values.reduce((sum, value) => sum + value, 0);
  return of === 'Maximum' ? Math.max(...values) : Math.min(...values);
}
