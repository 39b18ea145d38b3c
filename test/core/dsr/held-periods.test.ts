import { chatPipeline } from '../../../core/chat/pipeline.ts';
import { heldByErasures, touches } from '../../../core/dsr/held-periods.ts';
import type { Round } from '../../../core/dsr/request-store.ts';
import type { Window } from '../../../core/window.ts';
import { openedBatch } from '../../dsr/erasing-lake.ts';
import { openLake } from '../../local/embedded-lake.ts';

const window = (grain: Window['grain'], from: string, to: string): Window => ({ grain, from, to });

test.each<[string, Window, boolean]>([
  ['the day itself', window('day', '2026-03-04', '2026-03-05'), true],
  ['the day before, whose tool calls may belong to its chats', window('day', '2026-03-03', '2026-03-04'), true],
  ['the day after', window('day', '2026-03-05', '2026-03-06'), true],
  ['two days before', window('day', '2026-03-02', '2026-03-03'), false],
  ['two days after', window('day', '2026-03-06', '2026-03-07'), false],
  ['the week that ends the day before', window('week', '2026-02-25', '2026-03-04'), true],
  ['the week that ends two days before', window('week', '2026-02-24', '2026-03-03'), false],
  ['its month', window('month', '2026-03-01', '2026-04-01'), true],
  ['the last hour of the day after', window('hour', '2026-03-05T23:00', '2026-03-06T00:00'), true],
])('a period touches the days of an erasure: %s', (_, period, expected) => {
  expect(touches(period, ['2026-03-04'])).toBe(expected);
});

test('periods stay as they are while an erasure deletes, and no longer: not while it waits, nor for another pipeline’s', async () => {
  const lake = await openLake();
  try {
    const { erasures, runtime } = lake.session;
    const before = { silver_messages: { '2026-03-04': { all: 2, subjects: 1 } } };
    const round: Round = { kind: 'erasure', before, runs: [] };
    const near = window('day', '2026-03-05', '2026-03-06');
    const far = window('day', '2026-03-07', '2026-03-08');
    /** Whether a first build near the erasure's days, one far from them and one of what was built before have to wait. */
    const held = async () => {
      const isHeld = await heldByErasures(runtime, chatPipeline);
      const candidates = [
        { period: near, built: false },
        { period: far, built: false },
        { period: far, built: true },
      ];
      return candidates.map(isHeld);
    };
    expect(await held()).toEqual([false, false, false]);
    await erasures.store.save(openedBatch('one', { rounds: [round] }));
    expect(await held()).toEqual([true, false, true]);
    // Its proof has failed, so that it was opened again: its rows are gone all the same.
    await erasures.store.save(openedBatch('one', { rounds: [{ ...round, erasedAt: '2026-03-05T08:00:00.000Z' }] }));
    expect(await held()).toEqual([false, false, false]);
    for (const stage of ['estimating', 'erased', 'closing'] as const)
      await erasures.store.save(openedBatch(stage, { stage, rounds: [round] }));
    await erasures.store.save(openedBatch('another', { pipeline: 'another', rounds: [round] }));
    expect(await held()).toEqual([false, false, false]);
  } finally {
    await lake.close();
  }
});
