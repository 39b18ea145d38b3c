import { mostSubjects } from './limits.ts';
import type { ErasureRequest, RequestStore } from './request-store.ts';

/** The oldest pending requests, as many as name `most` people together: one request may name several. */
export async function pendingRequests(
  store: Pick<RequestStore, 'pending'>,
  most: number = mostSubjects,
): Promise<ErasureRequest[]> {
  const pending = await store.pending(most);
  const people = new Set<string>();
  const end = pending.findIndex(({ pseudonyms }) => {
    for (const pseudonym of pseudonyms) people.add(pseudonym);
    return people.size > most;
  });
  return end === -1 ? pending : pending.slice(0, end);
}
