import type { ErasureRequest } from '../../../core/dsr/request-store.ts';
import { erasureState } from '../../../core/monitoring/erasure-state.ts';
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
