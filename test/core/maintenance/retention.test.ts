import { chatPipeline } from '../../../core/chat/pipeline.ts';
import { planRetention } from '../../../core/maintenance/retention.ts';
import { windowAt } from '../../../core/window.ts';
import { task as recordDropped } from '../../../lambdas/maintenance/record-dropped.ts';
import { builtDay } from '../../ledger/built-day.ts';
import { type EmbeddedLake, openLake } from '../../local/embedded-lake.ts';

let lake: EmbeddedLake;
beforeEach(async () => {
  lake = await openLake({ retentionDays: 45 }, { at: new Date('2026-03-10T06:00:00Z') });
});
afterEach(() => lake.close());

test('a day stays a week beyond its retention while something made from it is not final; one that is dropped holds none', async () => {
  const { runtime } = lake.session;
  const window = { grain: 'day', from: '2026-01-24', to: '2026-03-13' };
  const plan = () => planRetention(runtime, chatPipeline);
  await runtime.ledger.recordPeriods([builtDay('2026-01-16'), builtDay('2026-01-18', { state: 'dropped' })]);
  expect(await plan()).toEqual({ window, heldDays: 0 });
  await runtime.ledger.recordPeriods([builtDay('2026-01-22'), builtDay('2026-01-20', { state: 'final' })]);
  expect(await plan()).toEqual({ window: { ...window, from: '2026-01-20' }, heldDays: 4 });
  const above = chatPipeline.workflows.filter(({ upstream }) => upstream.kind === 'workflows');
  for (const [state, heldDays] of [
    ['provisional', 4],
    ['final', 0],
  ] as const) {
    const made = above.flatMap(({ name, grain }) =>
      ['2026-01-20', '2026-01-22'].map((day) =>
        builtDay(day, { workflow: name, period: windowAt(grain, day, 'monday'), state }),
      ),
    );
    await runtime.ledger.recordPeriods(made);
    expect(await plan()).toMatchObject({ heldDays });
  }
});

test('days that retention drops are put on record as gone, up to the first that stays, and none on a dry run', async () => {
  const { runtime } = lake.session;
  const days = ['2026-01-22', '2026-01-23', '2026-01-24', '2026-03-09'];
  await runtime.ledger.recordPeriods(days.map((day) => builtDay(day)));
  const states = async () => (await runtime.ledger.builtPeriods('silver-daily')).map(({ state }) => state);
  const record = (dryRun: boolean) =>
    recordDropped.run(runtime, {
      run: 'run',
      pipeline: 'chat',
      workflow: 'maintenance',
      request: { mode: 'scheduled', dryRun },
      window: { grain: 'day', from: '2026-01-24', to: '2026-03-13' },
    });
  await record(true);
  expect(await states()).toEqual(['provisional', 'provisional', 'provisional', 'provisional']);
  await record(false);
  expect(await states()).toEqual(['dropped', 'dropped', 'provisional', 'provisional']);
});
