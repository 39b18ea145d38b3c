import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { detailTypes, receiveEvent } from '../../core/dsr/receive.ts';
import { tellStatuses } from '../../core/dsr/tell-statuses.ts';
import { FileKeys } from '../../local/dsr/file-keys.ts';
import { FileVault } from '../../local/dsr/file-vault.ts';
import { SqliteRequestStore } from '../../local/dsr/sqlite-request-store.ts';
import { deletionEvent } from './erasing-lake.ts';

const folder = mkdtempSync(join(tmpdir(), 'lethe-receive-'));
afterAll(() => rmSync(folder, { recursive: true }));
const now = new Date('2026-03-05T10:00:00.000Z');

/** A place of its own that takes events in, and what it sent to its dead letters. */
function place() {
  const directory = mkdtempSync(join(folder, 'place-'));
  const keys = new FileKeys(join(directory, 'keys'));
  const dead: { event: unknown; reason: string }[] = [];
  const ports = {
    store: new SqliteRequestStore(join(directory, 'requests.sqlite')),
    vault: new FileVault(join(directory, 'vault'), keys.vault()),
    keys,
    deadLetters: { keep: async (event: unknown, reason: string) => void dead.push({ event, reason }) },
  };
  const send = (type: string, detail: unknown, time = now.toISOString(), at = now) =>
    receiveEvent(ports, { 'detail-type': type, detail, time }, at);
  return { ...ports, dead, send };
}

test('of two events with one id the first counts, in the vault and in the ledger alike', async () => {
  const { store, vault, keys, send } = place();
  const first = deletionEvent('person-4711', now);
  const second = { ...deletionEvent('person-4712', now), subject_request_id: first.subject_request_id };
  const id = first.subject_request_id;
  expect(await Promise.all([send(detailTypes.request, first), send(detailTypes.request, second)])).toEqual([
    { accepted: id },
    { accepted: id },
  ]);
  const [kept = ''] = (await vault.get([id])).get(id) ?? [];
  expect((await store.request(id))?.pseudonyms).toEqual([await keys.pseudonym(kept)]);
  expect(await store.untold(9)).toHaveLength(1);
});

test('the time to answer counts from when the event was sent, which is never later than now', async () => {
  const { store, send } = place();
  const [late, early] = [deletionEvent('a', now), deletionEvent('b', now, { regulation: 'ccpa' })];
  await send(detailTypes.request, late, '2026-02-27T10:00:00Z');
  await send(detailTypes.request, early, '2099-01-01T00:00:00Z');
  expect(await store.request(late.subject_request_id)).toMatchObject({
    receivedAt: '2026-02-27T10:00:00.000Z',
    due: '2026-03-27T10:00:00.000Z',
  });
  expect(await store.request(early.subject_request_id)).toMatchObject({
    receivedAt: now.toISOString(),
    due: '2026-04-19T10:00:00.000Z',
  });
});

test('a request from the future is refused, since its scope would take in what does not exist yet', async () => {
  const { store, dead, send } = place();
  const soon = deletionEvent('a', new Date(now.getTime() + 10 * 60_000));
  const far = deletionEvent('b', new Date(now.getTime() + 86_400_000));
  expect(await send(detailTypes.request, soon)).toEqual({ accepted: soon.subject_request_id });
  expect(await send(detailTypes.request, far)).toEqual({ refused: 'submitted_time: in the future' });
  expect(await store.requests()).toHaveLength(1);
  expect(dead).toHaveLength(1);
});

test('a withdrawal that died between the ledger and the vault is ended by the next', async () => {
  const { store, vault, send } = place();
  const event = deletionEvent('person-4711', now);
  const { subject_request_id } = event;
  await send(detailTypes.request, event);
  const destroy = vault.destroy.bind(vault);
  vault.destroy = () => Promise.reject(new Error('out of reach'));
  await expect(send(detailTypes.withdrawal, { subject_request_id })).rejects.toThrow('out of reach');
  expect((await store.request(subject_request_id))?.status).toBe('cancelled');
  vault.destroy = destroy;
  expect(await vault.get([subject_request_id])).toEqual(new Map([[subject_request_id, ['person-4711']]]));
  expect(await send(detailTypes.withdrawal, { subject_request_id })).toEqual({ accepted: subject_request_id });
  expect(await vault.get([subject_request_id])).toEqual(new Map());
});

test('a pending request is withdrawn, as often as it is asked for, and its identity goes', async () => {
  const { store, vault, send, dead } = place();
  const event = deletionEvent('person-4711', now);
  const { subject_request_id } = event;
  await send(detailTypes.request, event);
  for (let times = 0; times < 2; times++) {
    expect(await send(detailTypes.withdrawal, { subject_request_id })).toEqual({ accepted: subject_request_id });
  }
  // The bus delivers at least once: also after all is over.
  await send(detailTypes.request, event);
  expect((await store.request(subject_request_id))?.status).toBe('cancelled');
  expect(await vault.get([subject_request_id])).toEqual(new Map());
  expect((await store.untold(9)).map(({ status }) => status)).toEqual(['pending', 'cancelled']);
  expect(dead).toEqual([]);
});

test('an event that is delivered just while its request is withdrawn leaves no identity behind', async () => {
  const { store, vault, keys, send } = place();
  const event = deletionEvent('person-4711', now);
  const { subject_request_id } = event;
  await send(detailTypes.request, event);
  const known = await store.request(subject_request_id);
  await send(detailTypes.withdrawal, { subject_request_id });
  // A second delivery that had looked before the first was known.
  const looked = {
    request: async () => (looking++ === 0 ? undefined : await store.request(subject_request_id)),
    add: (request: NonNullable<typeof known>) => store.add(request),
  };
  let looking = 0;
  const racing = new Proxy(store, {
    get: (target, name) =>
      name === 'request' ? looked.request : name === 'add' ? looked.add : Reflect.get(target, name, target),
  });
  await receiveEvent({ store: racing, vault, keys }, { 'detail-type': detailTypes.request, detail: event }, now);
  expect(looking).toBe(2);
  expect(await vault.get([subject_request_id])).toEqual(new Map());
});

test('what cannot be withdrawn is refused with its status, and changes nothing', async () => {
  const { store, vault, send, dead } = place();
  const event = deletionEvent('person-4711', now);
  const { subject_request_id } = event;
  await send(detailTypes.request, event);
  await store.open(
    {
      id: 'one',
      pipeline: 'chat',
      openedAt: now.toISOString(),
      stage: 'opened',
      waitsUntil: now.toISOString(),
      requests: [subject_request_id],
      subjects: 1,
      rounds: [],
    },
    now.toISOString(),
  );
  const unknown = { subject_request_id: '00000000-0000-4000-8000-000000000000' };
  for (const [detail, refused] of [
    [{ subject_request_id }, 'withdrawal: in_progress'],
    [unknown, 'withdrawal: unknown request'],
    [{ subject_request_id: 'person-4711' }, 'withdrawal: malformed'],
  ]) {
    expect(await send(detailTypes.withdrawal, detail)).toEqual({ refused });
    expect(dead.at(-1)).toEqual({ event: detail, reason: refused });
  }
  expect((await store.request(subject_request_id))?.status).toBe('in_progress');
  expect((await vault.get([subject_request_id])).size).toBe(1);
  expect((await store.refusals()).map(({ reason }) => reason)).toEqual(dead.map(({ reason }) => reason));
});

test('changes are told in order until the bus takes no more; what it did not take is told the next time', async () => {
  const { store, send } = place();
  const events = ['a', 'b', 'c'].map((person) => deletionEvent(person, now));
  for (const event of events) await send(detailTypes.request, event);
  const sent: string[] = [];
  let takes = 2;
  const bus = {
    send: async (changes: Awaited<ReturnType<typeof store.untold>>) => {
      const taken = changes.slice(0, takes);
      takes = 0;
      sent.push(...taken.map(({ request }) => request));
      return taken;
    },
  };
  await expect(tellStatuses({ store, bus })).rejects.toThrow('1 or more changes wait');
  takes = 9;
  expect(await tellStatuses({ store, bus })).toBe(1);
  expect(sent).toEqual(events.map(({ subject_request_id }) => subject_request_id));
  expect(await tellStatuses({ store, bus })).toBe(0);
});
