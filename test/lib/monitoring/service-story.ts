import { type Script, scriptedLake } from '../../lambdas/lake/scripted-lake.ts';
import { EvaluatedAlarm } from './alarm-evaluator.ts';
import { alarms, app } from './alarmed-app.ts';
import { type Story, scheduled } from './lake-story.ts';

/** What a service measures by itself, five minutes after five minutes: no AWS is at hand to make it do so. */
export function measuredByService(name: string, values: readonly (number | undefined)[]): Story {
  const properties = alarms.get(name) ?? {};
  const alarm = new EvaluatedAlarm(properties, app.storage);
  const [source] = alarm.sources;
  if (source === undefined) throw new Error(`${name} looks at nothing`);
  const from = new Date('2026-03-10T00:00:00Z');
  const at = (index: number) => new Date(from.getTime() + index * alarm.periodSeconds * 1000);
  const data = values.flatMap((value, index) => (value === undefined ? [] : [{ at: at(index), value }]));
  return { series: new Map([[source.key, data]]), from, to: at(values.length) };
}

/** Runs of a workflow, and how many of them failed, as Step Functions counts them. */
export async function runsOf(name: string, courses: readonly Script['course'][]): Promise<Story> {
  const failed: number[] = [];
  for (const course of courses) {
    const lake = scriptedLake(course === undefined ? {} : { course });
    failed.push(
      await lake.machines.run('silver-daily', scheduled).then(
        () => 0,
        () => 1,
      ),
    );
  }
  return measuredByService(name, failed);
}

/** Calls of a function within each quarter of an hour, and how many of them failed, as Lambda counts them. */
export async function callsOf(quarters: readonly number[]): Promise<Story> {
  const errors: number[] = [];
  for (const failing of quarters) {
    const lake = scriptedLake();
    let count = 0;
    for (let call = 0; call < 6; call++) {
      const wrong = call < failing ? { run: 4711 } : { run: 'run' };
      await lake.call('lake/finish-run', wrong).catch(() => (count += 1));
    }
    errors.push(count);
  }
  return measuredByService('function-errors', errors);
}
