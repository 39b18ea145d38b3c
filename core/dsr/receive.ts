import { InputError } from '../errors.ts';
import { readDeletionEvent } from './deletion-event.ts';
import { dueDate } from './due-date.ts';
import type { Erasures } from './erasures.ts';

type Ports = Pick<Erasures, 'store' | 'vault' | 'keys'>;

/**
 * Takes a deletion event in: the identity goes to the vault, a pending request to the ledger. A malformed event goes to
 * the dead letters with a reason that holds nothing of it; a request that is known already changes nothing.
 */
export async function receiveDeletionEvent(
  { store, vault, keys }: Ports,
  event: unknown,
  now: Date,
): Promise<{ accepted: string } | { refused: string }> {
  const read = readDeletionEvent(event);
  if ('reason' in read) {
    await store.refuse(now.toISOString(), read.reason);
    return { refused: read.reason };
  }
  const identities = [...new Set(read.subject_identities.map(({ identity_value }) => identity_value))];
  const id = read.subject_request_id;
  if ((await store.request(id)) !== undefined) return { accepted: id };
  // The vault first: a request without its identity could never be carried out. Of two events with one id the first counts.
  const kept = await vault.put(id, identities);
  const added = await store.add({
    id,
    regulation: read.regulation,
    submittedAt: new Date(read.submitted_time).toISOString(),
    receivedAt: now.toISOString(),
    due: dueDate(read.regulation, now).toISOString(),
    status: 'pending',
    pseudonyms: await Promise.all(kept.map((identity) => keys.pseudonym(identity))),
  });
  if (!added) await destroyIfEnded({ store, vault }, id);
  return { accepted: id };
}

/** An event that is delivered again while its request ends would leave an identity behind that nothing destroys. */
async function destroyIfEnded({ store, vault }: Pick<Ports, 'store' | 'vault'>, id: string): Promise<void> {
  const status = (await store.request(id))?.status;
  if (status === 'completed' || status === 'cancelled') await vault.destroy([id]);
}

/** Takes a request back. @throws InputError when there is none, or it is no longer pending. */
export async function withdrawRequest({ store, vault }: Ports, id: string, now: Date): Promise<void> {
  const request = await store.request(id);
  if (request === undefined) throw new InputError(`There is no request ${id}: see "lethe requests".`);
  if (!(await store.cancel(id, now.toISOString()))) {
    throw new InputError(`Request ${id} is ${request.status}: only a pending one can be withdrawn.`);
  }
  await vault.destroy([id]);
}
