import { createHash } from 'node:crypto';
import type { Batch, ErasureRequest, RequestStore } from '../../core/dsr/request-store.ts';

const at = '2026-03-05T00:00:00.000Z';
const later = '2026-03-20T00:00:00.000Z';
const request = (id: string, change: Partial<ErasureRequest> = {}): ErasureRequest => ({
  id,
  regulation: 'gdpr',
  submittedAt: at,
  receivedAt: at,
  due: '2026-04-05T00:00:00.000Z',
  status: 'pending',
  pseudonyms: [`pseudonym-of-${id}`],
  ...change,
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
const idsOf = (all: readonly { id: string }[]) => all.map(({ id }) => id);
/** More than any transaction or page of a store takes at once. */
const many = Array.from({ length: 230 }, (_, n) => `request-${String(n).padStart(3, '0')}`);

/** What every ledger of requests does, wherever it keeps them. */
export function requestStoreBehaviour(open: () => Promise<{ store: RequestStore; close: () => Promise<void> }>): void {
  let opened: Awaited<ReturnType<typeof open>>;
  beforeEach(async () => {
    opened = await open();
  });
  afterEach(() => opened.close());

  test('keeps a request once, and tells of it once', async () => {
    const { store } = opened;
    expect([await store.add(request('a')), await store.add(request('a', { due: later }))]).toEqual([true, false]);
    expect(await store.request('a')).toEqual(request('a'));
    expect(await store.request('b')).toBeUndefined();
    const events = await store.untold(10);
    expect(events).toEqual([{ at, request: 'a', status: 'pending' }]);
    await store.told(events);
    expect(await store.untold(10)).toEqual([]);
  });

  test('of one request that is added many times at once, one is added', async () => {
    const { store } = opened;
    const answers = await Promise.all(Array.from({ length: 6 }, () => store.add(request('a'))));
    expect(answers.filter((added) => added)).toHaveLength(1);
    expect(await store.untold(10)).toHaveLength(1);
  });

  test('finds requests by age, by id and by whom they concern', async () => {
    const { store } = opened;
    await store.add(request('young', { receivedAt: later, pseudonyms: ['p', 'q'] }));
    await store.add(request('old', { pseudonyms: ['q'] }));
    expect(idsOf(await store.requests())).toEqual(['old', 'young']);
    expect(idsOf(await store.pending(9))).toEqual(['old', 'young']);
    expect(idsOf(await store.pending(1))).toEqual(['old']);
    expect(idsOf(await store.requestsOf(['young', 'nobody', 'old', 'old']))).toEqual(['old', 'young']);
    expect(idsOf(await store.requestsFor('q'))).toEqual(['old', 'young']);
    expect(await store.requestsFor('p')).toEqual([request('young', { receivedAt: later, pseudonyms: ['p', 'q'] })]);
    expect(await store.requestsFor('nobody')).toEqual([]);
  });

  test('opens a batch of what is still pending, and of nothing else', async () => {
    const { store } = opened;
    for (const id of ['a', 'b', 'c']) await store.add(request(id));
    expect(await store.cancel('b', at)).toBe(true);
    expect((await store.open(batch('one', 'a', 'b'), at))?.requests).toEqual(['a']);
    expect(await store.open(batch('two', 'a', 'b'), at)).toBeUndefined();
    expect([await store.cancel('a', at), await store.cancel('b', at)]).toEqual([false, false]);
    expect(idsOf(await store.batches())).toEqual(['one']);
    expect(idsOf(await store.pending(9))).toEqual(['c']);
    expect(await store.requestsOf(['a', 'b', 'c'])).toEqual(
      expect.arrayContaining([
        request('a', { status: 'in_progress', batch: 'one' }),
        request('b', { status: 'cancelled', endedAt: at }),
        request('c'),
      ]),
    );
    expect(await store.interrupted()).toEqual([]);
  });

  test('keeps a dry run apart from batches until it is discarded, and what the newest has found', async () => {
    const { store } = opened;
    await store.add(request('a'));
    const draft: Batch = { ...batch('draft'), stage: 'estimating' };
    await store.save(draft);
    const counted = { ...draft, rounds: [{ kind: 'erasure', before: {}, runs: ['run-1'] }] } as const;
    await store.save(counted);
    await store.open(batch('one', 'a'), at);
    expect(await store.batch('draft')).toEqual(counted);
    expect(idsOf(await store.batches())).toEqual(['one']);
    expect(idsOf(await store.openBatches()).sort()).toEqual(['draft', 'one']);
    for (let times = 0; times < 2; times++) await store.discard('draft');
    expect(await store.batch('draft')).toBeUndefined();
    expect(idsOf(await store.openBatches())).toEqual(['one']);
    expect(await store.estimate()).toBeUndefined();
    const estimate = { at, requests: 1, people: 1, due: later, tables: {}, dollars: 0.5 };
    await store.keepEstimate(estimate);
    await store.keepEstimate({ ...estimate, tables: { bronze: { rows: 1, days: 2, files: 3, bytes: 4 } } });
    expect((await store.estimate())?.tables).toEqual({ bronze: { rows: 1, days: 2, files: 3, bytes: 4 } });
  });

  test('opens, keeps and closes a batch with its requests, however many they are', async () => {
    const { store } = opened;
    for (const id of many) await store.add(request(id));
    expect((await store.open(batch('one', ...many), at))?.requests).toEqual(many);
    expect(await store.pending(1_000)).toEqual([]);
    expect((await store.batch('one'))?.requests).toEqual(many);
    const closed = { ...batch('one', ...many), stage: 'closed', closedAt: later } as const;
    await store.close(closed, 'one.json', later);
    // As after a crash between the two.
    await store.close(closed, 'one.json', later);
    const ended = { status: 'completed', batch: 'one', evidence: 'one.json', endedAt: later } as const;
    expect(await store.requestsOf(many)).toEqual(many.map((id) => request(id, ended)));
    expect(await store.batches()).toEqual([closed]);
    expect(await store.openBatches()).toEqual([]);
    const events = await store.untold(1_000);
    expect(events).toHaveLength(3 * many.length);
    const ofOne = events.filter((event) => event.request === many[7]);
    expect(ofOne.map(({ status }) => status)).toEqual(['pending', 'in_progress', 'completed']);
    await store.told(events.slice(0, 500));
    expect(await store.untold(1_000)).toEqual(events.slice(500));
  });

  test('lets no request into two batches, nor into one after it was taken back, when all happens at once', async () => {
    const { store } = opened;
    for (const id of many) await store.add(request(id));
    const taken = many.filter((_, n) => n % 40 === 0);
    const [one, two, ...withdrawn] = await Promise.all([
      store.open(batch('one', ...many), at),
      store.open(batch('two', ...many), at),
      ...taken.map((id) => store.cancel(id, at)),
    ]);
    const cancelled = taken.filter((_, n) => withdrawn[n] === true);
    const inBatches = [...(one?.requests ?? []), ...(two?.requests ?? [])];
    expect([...inBatches, ...cancelled].sort()).toEqual(many);
    const status = new Map((await store.requests()).map((found) => [found.id, found]));
    for (const id of cancelled) expect(status.get(id)?.status).toBe('cancelled');
    for (const opening of [one, two]) {
      for (const id of opening?.requests ?? []) {
        expect(status.get(id)).toMatchObject({ status: 'in_progress', batch: opening?.id });
      }
    }
  });

  test('saves a batch as it comes along, however much is counted', async () => {
    const { store } = opened;
    await store.add(request('a'));
    await store.add(request('b', { receivedAt: later }));
    await store.open({ ...batch('young', 'b'), openedAt: later }, at);
    await store.open({ ...batch('old', 'a'), earliestScopeEnd: at }, at);
    // 2,000 days whose counts do not compress to nothing: about 300 KB of text.
    const days = Object.fromEntries(
      Array.from({ length: 8_000 }, (_, n) => [
        createHash('sha256').update(String(n)).digest('hex'),
        { all: (n * 7_919) % 100_003, subjects: n },
      ]),
    );
    const next: Batch = {
      ...batch('old', 'a'),
      earliestScopeEnd: at,
      stage: 'erased',
      waitsUntil: later,
      rounds: [{ kind: 'erasure', before: { bronze: days }, runs: ['run-1', 'run-2'] }],
    };
    await store.save(next);
    expect(await store.batch('old')).toEqual(next);
    expect(await store.batch('none')).toBeUndefined();
    expect(await store.openBatches()).toMatchObject([
      { id: 'old', pipeline: 'chat', openedAt: at, stage: 'erased', waitsUntil: later, earliestScopeEnd: at },
      { id: 'young', pipeline: 'chat', openedAt: later, stage: 'opened', waitsUntil: at },
    ]);
    expect(idsOf(await store.batches())).toEqual(['old', 'young']);
    // What is saved next may be less.
    await store.save(batch('old', 'a'));
    expect(await store.batch('old')).toEqual(batch('old', 'a'));
  });

  test('keeps what was refused by its reason alone', async () => {
    const { store } = opened;
    await store.refuse(at, 'regulation: invalid_value');
    await store.refuse(at, 'regulation: invalid_value');
    const refusal = { at, reason: 'regulation: invalid_value' };
    expect(await store.refusals()).toEqual([refusal, refusal]);
  });
}
