import { pendingRequests } from '../../../core/dsr/pending-requests.ts';
import type { ErasureRequest } from '../../../core/dsr/request-store.ts';

const request = (id: string, ...pseudonyms: string[]): ErasureRequest => ({
  id,
  regulation: 'gdpr',
  submittedAt: '2026-03-05T00:00:00.000Z',
  receivedAt: '2026-03-05T00:00:00.000Z',
  due: '2026-04-05T00:00:00.000Z',
  status: 'pending',
  pseudonyms,
});
const requests = [
  request('first', 'a', 'b'),
  request('again', 'b', 'a'),
  request('third', 'c', 'd'),
  request('last', 'e'),
];
const store = { pending: async (most: number) => requests.slice(0, most) };
const idsOf = async (most: number) => (await pendingRequests(store, most)).map(({ id }) => id);

test('a batch takes the oldest requests, as many as name so many people, each counted once', async () => {
  expect(await idsOf(9)).toEqual(['first', 'again', 'third', 'last']);
  expect(await idsOf(4)).toEqual(['first', 'again', 'third']);
  expect(await idsOf(3)).toEqual(['first', 'again']);
});
