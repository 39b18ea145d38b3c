import type { Batch, ErasureRequest, RequestStore } from '../../core/dsr/request-store.ts';

const at = '2026-03-05T00:00:00.000Z';
const request = (id: string): ErasureRequest => ({
  id,
  regulation: 'gdpr',
  submittedAt: at,
  receivedAt: at,
  due: '2026-04-05T00:00:00.000Z',
  status: 'pending',
  pseudonyms: [`pseudonym-of-${id}`],
});
const batch = (id: string, ...requests: string[]): Batch => ({
  id,
  pipeline: 'chat',
  openedAt: at,
  stage: 'opened',
  waitsUntil: at,
  requests,
  subjects: requests.length,
  rounds: [{ kind: 'erasure', before: {}, runs: [] }],
});

/** What every ledger of requests does, wherever it keeps them. */
export function requestStoreBehaviour(open: () => Promise<{ store: RequestStore; close: () => Promise<void> }>): void {
  let opened: Awaited<ReturnType<typeof open>>;
  beforeEach(async () => {
    opened = await open();
  });
  afterEach(() => opened.close());

  test('keeps a request once, and tells of it once', async () => {
    const { store } = opened;
    expect([await store.add(request('a')), await store.add(request('a'))]).toEqual([true, false]);
    expect(await store.request('a')).toEqual(request('a'));
    expect(await store.events()).toEqual([{ at, request: 'a', status: 'pending' }]);
  });

  test('opens a batch of what is still pending, and of nothing else', async () => {
    const { store } = opened;
    for (const id of ['a', 'b', 'c']) await store.add(request(id));
    expect(await store.cancel('b', at)).toBe(true);
    expect((await store.open(batch('one', 'a', 'b'), at))?.requests).toEqual(['a']);
    expect(await store.open(batch('two', 'a', 'b'), at)).toBeUndefined();
    expect([await store.cancel('a', at), await store.cancel('b', at)]).toEqual([false, false]);
    expect((await store.batches()).map(({ id }) => id)).toEqual(['one']);
    expect((await store.requests()).map(({ status }) => status)).toEqual(['in_progress', 'cancelled', 'pending']);
  });

  test('closes a batch with its requests', async () => {
    const { store } = opened;
    await store.add(request('a'));
    await store.open(batch('one', 'a'), at);
    await store.close({ ...batch('one', 'a'), stage: 'closed', closedAt: at }, 'one.json', at);
    expect(await store.requests()).toMatchObject([{ status: 'completed', batch: 'one', evidence: 'one.json' }]);
    expect(await store.batches()).toMatchObject([{ stage: 'closed' }]);
    expect((await store.events()).map(({ status }) => status)).toEqual(['pending', 'in_progress', 'completed']);
  });

  test('keeps what was refused by its reason alone', async () => {
    await opened.store.refuse(at, 'regulation: invalid_value');
    expect(await opened.store.refusals()).toEqual([{ at, reason: 'regulation: invalid_value' }]);
  });
}
