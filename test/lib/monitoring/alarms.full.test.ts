import { randomUUID } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { receiveDeletionEvent } from '../../../core/dsr/receive.ts';
import { alarmMetrics } from '../../../core/monitoring/cost.ts';
import { metricUnits } from '../../../core/monitoring/metrics.ts';
import { pipelines } from '../../../core/pipelines.ts';
import { defaultSettings } from '../../../core/settings.ts';
import { openHomeErasures } from '../../../local/dsr/home-erasures.ts';
import { type Script, scriptedLake } from '../../lambdas/lake/scripted-lake.ts';
import { textOf } from '../policies.ts';
import { ofType, synthesizedApp } from '../synthesized-app.ts';
import { type AlarmState, type Datum, EvaluatedAlarm, type Series } from './alarm-evaluator.ts';

const app = synthesizedApp('existing-cluster', {
  changes: { alarms: { emails: ['on-call@example.com'] }, monthlyBudgetDollars: 500 },
});
const alarms = new Map(
  ofType(app.lakehouse, 'AWS::CloudWatch::Alarm').map(([, { Properties }]) => [
    String(Properties.AlarmName).replace(/^lethe-/, ''),
    Properties,
  ]),
);
const sectionOf = (name: string) => name.replace(/-\d+$/, '');

const closing: (() => void)[] = [];
afterAll(() => {
  for (const close of closing) close();
});

/** What the hours of a lake look like to an alarm: what goes on, and the measurements that come of it. */
interface Story {
  readonly series: Series;
  readonly from: Date;
  readonly to: Date;
}

type Lake = ReturnType<typeof scriptedLake>;

const hourMillis = 3_600_000;
const scheduled = { mode: 'scheduled' };
const payload = { builtWithinHours: 6 };

/** Reports the state of a lake at a quarter to each hour, with something done before each report. */
async function reported(
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
async function maintained(
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
async function running(script: Script, hours: readonly number[], most: number): Promise<Story> {
  const lake = scriptedLake(script);
  return await reported(lake, '2026-03-10T02:00:00Z', most, async (hour) => {
    if (hours.includes(hour)) await lake.machines.run('silver-daily', scheduled);
  });
}

/** What a service measures by itself, five minutes after five minutes: no AWS is at hand to make it do so. */
function measuredByService(name: string, values: readonly (number | undefined)[]): Story {
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
async function runsOf(name: string, courses: readonly Script['course'][]): Promise<Story> {
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
async function callsOf(quarters: readonly number[]): Promise<Story> {
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

/** A lake with a ledger of erasures, into which one request comes. */
async function erasing(script: Script = {}) {
  const home = mkdtempSync(join(tmpdir(), 'lethe-alarms-'));
  const erasures = openHomeErasures({
    home,
    database: defaultSettings.database,
    pipelines,
    engine: scriptedLake().runtime.engine,
    clock: 'real',
  });
  closing.push(() => {
    erasures.disconnect();
    rmSync(home, { recursive: true });
  });
  const lake = scriptedLake({ ...script, erasures });
  const ask = () =>
    receiveDeletionEvent(
      erasures,
      {
        regulation: 'gdpr',
        subject_request_id: randomUUID(),
        subject_request_type: 'erasure',
        subject_identities: [
          { identity_type: 'controller_customer_id', identity_value: 'somebody', identity_format: 'raw' },
        ],
        submitted_time: lake.now.toISOString(),
      },
      lake.now,
    );
  const end = async () => {
    for (const { id } of await erasures.store.requests()) await erasures.store.cancel(id, lake.now.toISOString());
    const at = lake.now.toISOString();
    for (const batch of await erasures.store.batches()) {
      await erasures.store.close({ ...batch, stage: 'closed', closedAt: at }, 'evidence', at);
    }
  };
  return { lake, ask, end, store: erasures.store };
}

/** A request that is looked at every hour from shortly before it matters, and ended two hours after. */
async function requestOfAge(days: number): Promise<Story> {
  const { lake, ask, end } = await erasing();
  const received = new Date('2026-03-10T00:00:00Z');
  lake.now = received;
  await ask();
  const from = new Date(received.getTime() + (days * 24 - 3) * hourMillis);
  return await reported(lake, from.toISOString(), 8, async (hour) => {
    if (hour === 6) await end();
  });
}

async function batchOfRequest(each: (hour: number, place: Awaited<ReturnType<typeof erasing>>) => Promise<void>) {
  const place = await erasing();
  await place.ask();
  const { lake, store } = place;
  const [request] = await store.requests();
  const batch = {
    id: 'batch-1',
    pipeline: 'chat',
    openedAt: lake.now.toISOString(),
    stage: 'opened' as const,
    waitsUntil: lake.now.toISOString(),
    requests: [request?.id ?? ''],
    subjects: 1,
    rounds: [{ kind: 'erasure' as const, before: {}, runs: [] }],
  };
  await store.open(batch, lake.now.toISOString());
  return await reported(lake, lake.now.toISOString(), 40, (hour) => each(hour, place));
}

test('what an erasure has come to is measured: rows, bytes, and the time until each absence', async () => {
  const place = await erasing();
  const { lake, store } = place;
  lake.now = new Date('2026-03-01T00:00:00Z');
  await place.ask();
  const [request] = await store.requests();
  const day = { all: 100, subjects: 3 };
  const batch = {
    id: 'batch-1',
    pipeline: 'chat',
    openedAt: '2026-03-01T07:00:00.000Z',
    stage: 'opened' as const,
    waitsUntil: '2026-03-01T07:00:00.000Z',
    requests: [request?.id ?? ''],
    subjects: 1,
    rounds: [{ kind: 'erasure' as const, before: { silver_messages: { '2026-02-01': day } }, runs: [] }],
  };
  await store.open(batch, batch.openedAt);
  const [round] = batch.rounds;
  if (round === undefined) throw new Error('no round');
  const erased = { ...round, erasedAt: '2026-03-01T08:00:00.000Z' };
  const proven = { ...erased, provenAt: '2026-03-02T09:00:00.000Z' };
  const story = await reported(lake, '2026-03-01T06:00:00Z', 30, async (hour) => {
    if (hour === 2) await store.save({ ...batch, rounds: [erased], stage: 'erased' });
    if (hour === 27) await store.save({ ...batch, rounds: [proven], stage: 'proven' });
  });
  const values = (name: string) =>
    (story.series.get(`Lethe ${name} environment=lethe`) ?? []).map(({ value }) => value);
  expect(values('RowsErased')).toEqual([3]);
  expect(values('RowsRewritten')).toEqual([97]);
  expect(values('LogicalErasureHours')).toEqual([8]);
  expect(values('PhysicalErasureHours')).toEqual([33]);
});

const gibibyte = 1024 ** 3;
const countOf = (rejected: number) => (sql: string) => {
  if (!sql.startsWith('select count(*)')) return undefined;
  return [{ records: sql.includes('rejected') ? String(rejected) : '50' }];
};

/** What makes each alarm fire, and what ends it. */
const stories: Record<string, () => Promise<Story>> = {
  'state-not-reported': async () => {
    const lake = scriptedLake();
    const story = await reported(lake, '2026-03-10T02:00:00Z', 9, async () => undefined);
    // The schedule was off from the third hour to the sixth.
    const key = 'Lethe StateReports environment=lethe';
    const kept = (story.series.get(key) ?? []).filter((_, hour) => hour < 2 || hour > 5);
    return { ...story, series: new Map([[key, kept]]) };
  },
  'period-late': async () => {
    const lake = scriptedLake();
    await lake.machines.run('backfill', { from: '2026-03-01', to: '2026-03-09' });
    // A day later nothing has started by itself until, nine hours after its end, somebody starts it.
    return await reported(lake, '2026-03-11T04:00:00Z', 8, async (hour) => {
      if (hour !== 5) return;
      await lake.machines.run('silver-daily', scheduled);
      await lake.machines.run('gold-daily', scheduled);
    });
  },
  'statement-slow': () => running({ takes: () => ({ bytes: 10, millis: 25 * 60_000 }) }, [2], 6),
  'statement-large': () => running({ takes: () => ({ bytes: 150 * gibibyte, millis: 10 }) }, [2], 6),
  'cost-per-day': () => running({ takes: () => ({ bytes: 400 * gibibyte, millis: 10 }) }, [2], 30),
  'records-rejected': async () => {
    let rejected = 0;
    const lake = scriptedLake({ rows: (sql) => countOf(rejected)(sql) });
    return await reported(lake, '2026-03-10T02:00:00Z', 8, async (hour) => {
      rejected = hour >= 2 && hour < 5 ? 10 : 1;
    });
  },
  'bronze-behind': async () => {
    let committed = '';
    const rows = (sql: string) => (sql.includes('valid-through') ? [{ valid_through: committed }] : undefined);
    const lake = scriptedLake({ rows });
    return await reported(lake, '2026-03-10T02:00:00Z', 9, async (hour) => {
      // The connector stands still from the second hour to the fifth.
      if (hour < 2 || hour > 5) committed = lake.now.toISOString();
    });
  },
  'erasure-due-soon': () => requestOfAge(31 * 0.7),
  'erasure-old': () => requestOfAge(25),
  'erasure-failed': async () => {
    const place = await erasing({
      course: (sql, before) => (sql.includes('dsr_subjects') && before === 0 ? ['SYNTAX_ERROR'] : undefined),
    });
    const { lake, ask } = place;
    await ask();
    return await reported(lake, lake.now.toISOString(), 8, async (hour) => {
      if (hour === 2) await expect(lake.machines.run('dsr', scheduled)).rejects.toThrow();
      if (hour === 4) await place.end();
      if (hour === 5) await lake.machines.run('dsr', scheduled);
    });
  },
  'erasure-stuck': () =>
    batchOfRequest(async (hour, { end }) => {
      if (hour === 38) await end();
    }),
  'workflow-failed': () => runsOf('workflow-failed', [undefined, () => ['SYNTAX_ERROR'], undefined]),
  'retention-held': async () => {
    const lake = scriptedLake();
    await lake.machines.run('backfill', { from: '2026-02-01', to: '2026-03-09' });
    // The month of March is never built: its first day is due on the 15th of April, and has been held for a week on the 22nd.
    return await maintained(lake, ['2026-04-21', '2026-04-22']);
  },
  'data-quality': async () => {
    const findings = (sql: string) =>
      sql.includes("'failure'") ? [{ dt: '2026-03-11', warnings: '2', failures: failures }] : undefined;
    let failures = '0';
    const lake = scriptedLake({ rows: findings });
    return await maintained(lake, ['2026-03-11', '2026-03-12'], (day) => {
      failures = day === '2026-03-12' ? '1' : '0';
    });
  },
  'workflow-timed-out': async () => measuredByService('workflow-timed-out', [0, 1, 0]),
  'function-errors': () => callsOf([0, 5, 2]),
  'function-throttles': async () => measuredByService('function-throttles', [0, 3, 0]),
  'dead-letters-runs': async () => measuredByService('dead-letters-runs', [0, 2, 2, 0]),
  'dead-letters-erasures': async () => measuredByService('dead-letters-erasures', [0, 1, 0]),
  'connector-failed': async () => measuredByService('connector-failed', [0, 1, 1, 0]),
  'connector-stopped': async () => measuredByService('connector-stopped', [2, 2, undefined, undefined, undefined, 2]),
  'connector-lag': async () => measuredByService('connector-lag', [5, 2e5, 5, 2e5, 2e5, 2e5, 2e5, 2e5, 2e5, 2e5, 5, 5]),
};

const changesOf = (states: readonly AlarmState[]) => states.filter((state, index) => state !== states[index - 1]);

test('every alarm has a story of its own', () => {
  const first = [...alarms.keys()].filter((name) => name === sectionOf(name));
  expect(first.filter((name) => !(name in stories))).toEqual([]);
  expect(Object.keys(stories).filter((name) => !alarms.has(name))).toEqual([]);
});

test.each(Object.keys(stories))('%s fires from its cause and goes quiet when that is over', async (name) => {
  const story = await stories[name]?.();
  if (story === undefined) throw new Error('no story');
  const alarm = new EvaluatedAlarm(alarms.get(name) ?? {}, app.storage);
  expect(changesOf(alarm.statesBetween(story.series, story.from, story.to))).toEqual(['OK', 'ALARM', 'OK']);
});

test('no alarm fires in a day on which nothing is wrong', async () => {
  const lake = scriptedLake({ rows: countOf(1) });
  await lake.machines.run('backfill', { from: '2026-03-01', to: '2026-03-09' });
  const story = await reported(lake, '2026-03-10T02:00:00Z', 24, async (hour) => {
    if (hour === 0) await lake.machines.run('silver-daily', scheduled);
    if (hour === 1) await lake.machines.run('gold-daily', scheduled);
  });
  const own = [...alarms].filter(([, { Namespace }]) => Namespace === 'Lethe');
  for (const [name, properties] of own) {
    const states = new EvaluatedAlarm(properties, app.storage).statesBetween(story.series, story.from, story.to);
    expect([name, changesOf(states)]).toEqual([name, ['OK']]);
  }
});

test('every alarm has a section of the runbook, says so, and tells the topic when it begins and ends', () => {
  const runbook = readFileSync(join(__dirname, '..', '..', '..', 'docs', 'runbook.md'), 'utf8');
  const sections = new Set([...runbook.matchAll(/^## `([a-z-]+)`$/gm)].map(([, name]) => name ?? ''));
  for (const [name, properties] of alarms) {
    expect([...sections]).toContain(sectionOf(name));
    expect(String(properties.AlarmDescription)).toContain(`docs/runbook.md#${sectionOf(name)}`);
    expect([properties.AlarmActions, properties.OKActions]).toEqual([[expect.anything()], [expect.anything()]]);
  }
  const alive = new Set([...alarms.keys()].map(sectionOf));
  expect([...sections].filter((name) => !alive.has(name) && name !== 'monthly-budget')).toEqual([]);
});

test('the dashboard shows every alarm and every measurement', () => {
  const [dashboard] = ofType(app.lakehouse, 'AWS::CloudWatch::Dashboard');
  const body = textOf(dashboard?.[1].Properties.DashboardBody, app.storage);
  expect(Object.keys(metricUnits).filter((name) => !body.includes(`"Lethe","${name}","environment","lethe"`))).toEqual(
    [],
  );
  const ids = ofType(app.lakehouse, 'AWS::CloudWatch::Alarm').map(([id]) => id);
  expect(ids.filter((id) => !body.includes(`<${id}>`))).toEqual([]);
});

test('the cost page reckons with as many metrics as the alarms look at', () => {
  const looked = [...alarms.values()].flatMap((alarm) => new EvaluatedAlarm(alarm, app.storage).sources);
  expect(looked.length).toBeLessThanOrEqual(alarmMetrics);
  expect(looked.length).toBeGreaterThan(0.7 * alarmMetrics);
});

test('alarms go to a topic under a key of its own, by TLS, to whom the configuration names', () => {
  const { lakehouse } = app;
  const [topic] = ofType(lakehouse, 'AWS::SNS::Topic');
  expect(topic?.[1].Properties).toHaveProperty('KmsMasterKeyId');
  const [policy] = ofType(lakehouse, 'AWS::SNS::TopicPolicy');
  expect(JSON.stringify(policy?.[1].Properties)).toContain('"aws:SecureTransport":"false"');
  const [email] = ofType(lakehouse, 'AWS::SNS::Subscription');
  expect(email?.[1].Properties).toMatchObject({ Protocol: 'email', Endpoint: 'on-call@example.com' });
  const [budget] = ofType(lakehouse, 'AWS::Budgets::Budget');
  expect(budget?.[1].Properties).toMatchObject({
    Budget: {
      BudgetLimit: { Amount: 500, Unit: 'USD' },
      CostFilters: { TagKeyValue: ['user:environment$lethe'] },
    },
    NotificationsWithSubscribers: [{ Notification: { Threshold: 80 } }, { Notification: { Threshold: 100 } }],
  });
});
