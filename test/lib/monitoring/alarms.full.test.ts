import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { alarmMetrics } from '../../../core/monitoring/cost.ts';
import { metricUnits } from '../../../core/monitoring/metrics.ts';
import { scriptedLake } from '../../lambdas/lake/scripted-lake.ts';
import { textOf } from '../policies.ts';
import { ofType } from '../synthesized-app.ts';
import { type AlarmState, EvaluatedAlarm } from './alarm-evaluator.ts';
import { countOf, stories } from './alarm-stories.ts';
import { alarms, app } from './alarmed-app.ts';
import { endErasures, erasing } from './erasing-story.ts';
import { reported, scheduled } from './lake-story.ts';

afterAll(endErasures);

const sectionOf = (name: string) => name.replace(/-\d+$/, '');
const changesOf = (states: readonly AlarmState[]) => states.filter((state, index) => state !== states[index - 1]);

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
