import { type Script, scriptedLake } from '../../lambdas/lake/scripted-lake.ts';
import type { Datum, Series } from './alarm-evaluator.ts';

/** What the hours of a lake look like to an alarm: what goes on, and the measurements that come of it. */
export interface Story {
  readonly series: Series;
  readonly from: Date;
  readonly to: Date;
}

type Lake = ReturnType<typeof scriptedLake>;

export const hourMillis = 3_600_000;
export const scheduled = { mode: 'scheduled' };
const payload = { builtWithinHours: 6 };

/** Reports the state of a lake at a quarter to each hour, with something done before each report. */
export async function reported(
  lake: Lake,
  from: string,
  hours: number,
  before: (hour: number) => Promise<void>,
): Promise<Story> {
  const start = new Date(from);
  for (let hour = 0; hour < hours; hour++) {
    lake.now = new Date(start.getTime() + hour * hourMillis);
    await before(hour);
    lake.now = new Date(start.getTime() + hour * hourMillis + 45 * 60_000);
    await lake.call('monitoring/report-state', payload);
  }
  return { series: seriesOf(lake), from: start, to: new Date(start.getTime() + hours * hourMillis) };
}

/** What a lake has measured, as CloudWatch keeps it. */
function seriesOf(lake: Lake): Series {
  const series = new Map<string, Datum[]>();
  for (const { name, value, at } of lake.measured) {
    const key = `Lethe ${name} environment=lethe`;
    series.set(key, [...(series.get(key) ?? []), { at, value }]);
  }
  return series;
}

/** A lake that maintenance runs on in the mornings of some days; the story ends at noon of the last. */
export async function maintained(
  lake: Lake,
  days: readonly string[],
  before: (day: string) => void = () => {},
): Promise<Story> {
  for (const day of days) {
    lake.now = new Date(`${day}T06:00:00Z`);
    before(day);
    await lake.machines.run('maintenance', scheduled);
  }
  const to = new Date(lake.now.getTime() + 6 * hourMillis);
  return { series: seriesOf(lake), from: new Date(`${days[0]}T06:00:00Z`), to };
}

/** A lake that runs silver once in the hours that are named, as an operator would, and says what its statements take. */
export async function running(script: Script, hours: readonly number[], most: number): Promise<Story> {
  const lake = scriptedLake(script);
  return await reported(lake, '2026-03-10T02:00:00Z', most, async (hour) => {
    if (hours.includes(hour)) await lake.machines.run('silver-daily', scheduled);
  });
}
