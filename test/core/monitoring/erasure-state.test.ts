import type { ErasureRequest } from '../../../core/dsr/request-store.ts';
import { erasureState } from '../../../core/monitoring/erasure-state.ts';
import { openedBatch } from '../../dsr/erasing-lake.ts';
import { openLake } from '../../local/embedded-lake.ts';

test('however many requests are open, the oldest is found', async () => {
  const request = (n: number): ErasureRequest => ({
    id: `request-${n}`,
    regulation: 'gdpr',
    submittedAt: '2026-03-01T00:00:00.000Z',
    receivedAt: n === 70_000 ? '2026-03-01T00:00:00.000Z' : '2026-03-02T00:00:00.000Z',
    due: '2026-04-01T00:00:00.000Z',
    status: 'pending',
    pseudonyms: [],
  });
  // More than a call takes as arguments.
  const open = Array.from({ length: 300_000 }, (_, n) => request(n));
  const lake = await openLake({}, { at: new Date('2026-03-03T00:00:00Z') });
  try {
    const hour = { from: new Date('2026-03-02T23:00:00Z'), to: new Date('2026-03-03T00:00:00Z') };
    const { runtime, erasures } = lake.session;
    erasures.store.pending = async () => open;
    const found = new Map(await erasureState(runtime, hour, []));
    expect(found.get('RequestsOpen')).toBe(300_000);
    expect(found.get('OldestRequestHours')).toBe(48);
  } finally {
    await lake.close();
  }
});

test('a batch whose proof failed again and again is told of until it is proven', async () => {
  const lake = await openLake({}, { at: new Date('2026-03-03T00:00:00Z') });
  try {
    const { runtime, erasures } = lake.session;
    const hour = { from: new Date('2026-03-02T23:00:00Z'), to: new Date('2026-03-03T00:00:00Z') };
    const batch = {
      id: 'batch-1',
      pipeline: 'chat',
      openedAt: '2026-03-01T07:00:00.000Z',
      stage: 'proven',
      waitsUntil: '2026-03-15T07:00:00.000Z',
      requests: [],
      subjects: 1,
    } as const;
    const failing = { kind: 'erasure', runs: [], before: {}, after: {}, failedProofs: 3 } as const;
    const counts: (number | undefined)[] = [];
    for (const round of [failing, { ...failing, provenAt: '2026-03-02T12:00:00.000Z' }]) {
      erasures.store.openBatches = async () => [batch];
      erasures.store.batch = async () => ({ ...batch, rounds: [round] });
      counts.push(new Map(await erasureState(runtime, hour, [])).get('ErasuresFailed'));
    }
    expect(counts).toEqual([1, 0]);
  } finally {
    await lake.close();
  }
});

test('requests are open, and may be due soon, until their batch is closed; what a batch has come to is told in its hour', async () => {
  const lake = await openLake({}, { at: new Date('2026-03-31T00:00:00Z') });
  try {
    const { runtime, erasures } = lake.session;
    const { store } = erasures;
    const request = (id: string, receivedAt: string, due: string): ErasureRequest => ({
      ...{ id, regulation: 'gdpr', submittedAt: receivedAt, receivedAt, due, status: 'pending', pseudonyms: [] },
    });
    await store.add(request('taken', '2026-03-08T00:00:00.000Z', '2026-04-08T00:00:00.000Z'));
    await store.add(request('waiting', '2026-03-30T00:00:00.000Z', '2026-04-30T00:00:00.000Z'));
    const before = { bronze: { '2026-03-07': { all: 10, subjects: 3 }, '2026-03-08': { all: 5, subjects: 1 } } };
    const batch = openedBatch('one', {
      requests: ['taken'],
      stage: 'proven',
      waitsUntil: '2026-03-29T11:59:59.000Z',
      rounds: [
        {
          kind: 'erasure',
          before,
          runs: [],
          erasedAt: '2026-03-30T23:00:00.000Z',
          provenAt: '2026-03-30T23:30:00.000Z',
        },
        { kind: 'sweep', before: { bronze: { '2026-03-07': { all: 1_000, subjects: 100 } } }, runs: [] },
      ],
    });
    await store.open(batch, batch.openedAt);
    const hour = { from: new Date('2026-03-30T23:00:00Z'), to: new Date('2026-03-31T00:00:00Z') };
    const state = async () => Object.fromEntries(await erasureState(runtime, hour, []));
    expect(await state()).toEqual({
      RequestsOpen: 2,
      RequestsDueSoon: 1,
      OldestRequestHours: 23 * 24,
      ErasuresFailed: 0,
      BatchesStuck: 1,
      RowsErased: 4,
      RowsRewritten: 11,
      LogicalErasureHours: 22 * 24 + 23,
      PhysicalErasureHours: 22 * 24 + 23.5,
    });
    await store.close({ ...batch, stage: 'closed' }, 'one.json', '2026-03-31T00:00:00.000Z');
    expect(await state()).toMatchObject({
      RequestsOpen: 1,
      RequestsDueSoon: 0,
      OldestRequestHours: 24,
      BatchesStuck: 0,
    });
  } finally {
    await lake.close();
  }
});
