import { z } from 'zod';
import { InputError } from '../errors.ts';
import { readDeletionEvent, withdrawalEventSchema } from './deletion-event.ts';
import { dueDate } from './due-date.ts';
import type { Erasures } from './erasures.ts';

type Ports = Pick<Erasures, 'store' | 'vault' | 'keys'>;
type Doors = Ports & Pick<Erasures, 'deadLetters'>;

/** Callers' clocks may be ahead of ours by so much. */
const mostClockSkewMillis = 15 * 60_000;

/** What became of an event: the id of its request, or why it was refused. */
export type Receipt = { readonly accepted: string } | { readonly refused: string };

/**
 * Takes a deletion event in: the identity goes to the vault, a pending request to the ledger. A malformed event goes to
 * the dead letters with a reason that holds nothing of it; a request that is known already changes nothing.
 *
 * @param received when it was sent, from which the time to answer counts. Default: now.
 */
export async function receiveDeletionEvent(
  ports: Doors,
  event: unknown,
  now: Date,
  received: Date = now,
): Promise<Receipt> {
  const read = readDeletionEvent(event);
  if ('reason' in read) return await refuse(ports, event, read.reason, now);
  // Its scope would take in rows that do not exist yet.
  if (Date.parse(read.submitted_time) > now.getTime() + mostClockSkewMillis) {
    return await refuse(ports, event, 'submitted_time: in the future', now);
  }
  const { store, vault, keys } = ports;
  const identities = [...new Set(read.subject_identities.map(({ identity_value }) => identity_value))];
  const id = read.subject_request_id;
  if ((await store.request(id)) !== undefined) return { accepted: id };
  // The vault first: a request without its identity could never be carried out. Of two events with one id the first counts.
  const kept = await vault.put(id, identities);
  const added = await store.add({
    id,
    regulation: read.regulation,
    submittedAt: new Date(read.submitted_time).toISOString(),
    receivedAt: received.toISOString(),
    due: dueDate(read.regulation, received).toISOString(),
    status: 'pending',
    pseudonyms: await Promise.all(kept.map((identity) => keys.pseudonym(identity))),
  });
  if (!added) await destroyIfEnded({ store, vault }, id);
  return { accepted: id };
}

/**
 * Destroys what the vault still has of a request that has ended: an event that is delivered again while it ends, and a
 * withdrawal that dies between the ledger and the vault, would leave an identity behind that nothing else destroys.
 */
async function destroyIfEnded({ store, vault }: Pick<Ports, 'store' | 'vault'>, id: string): Promise<void> {
  const status = (await store.request(id))?.status;
  if (status === 'completed' || status === 'cancelled') await vault.destroy([id]);
}

/** Takes a request back. @throws InputError when there is none, or it is no longer pending. */
export async function withdrawRequest({ store, vault }: Ports, id: string, now: Date): Promise<void> {
  const request = await store.request(id);
  if (request === undefined) throw new InputError(`There is no request ${id}: see "lethe requests".`);
  if (!(await store.cancel(id, now.toISOString()))) {
    await destroyIfEnded({ store, vault }, id);
    throw new InputError(`Request ${id} is ${request.status}: only a pending one can be withdrawn.`);
  }
  await vault.destroy([id]);
}

/**
 * Takes a withdrawal event in. One that names no request, or a request that is no longer pending, is refused; one that is
 * delivered again changes nothing.
 */
export async function receiveWithdrawal(ports: Doors, event: unknown, now: Date): Promise<Receipt> {
  const read = withdrawalEventSchema.safeParse(event);
  if (!read.success) return await refuse(ports, event, 'withdrawal: malformed', now);
  const id = read.data.subject_request_id;
  const status = (await ports.store.request(id))?.status;
  if (status === 'cancelled') {
    await destroyIfEnded(ports, id);
    return { accepted: id };
  }
  if (status === undefined) return await refuse(ports, event, 'withdrawal: unknown request', now);
  try {
    await withdrawRequest(ports, id, now);
    return { accepted: id };
  } catch (error) {
    if (error instanceof InputError) return await refuse(ports, event, `withdrawal: ${status}`, now);
    throw error;
  }
}

/** Types of events, as callers send them and as they are sent to callers. */
export const detailTypes = {
  request: 'DeletionRequested',
  withdrawal: 'DeletionWithdrawn',
  status: 'DeletionStatusChanged',
} as const;

const envelopeShape = z.object({ 'detail-type': z.string(), detail: z.unknown(), time: z.iso.datetime().optional() });

/** Takes an event from the bus in: what it is stands in its type, when it was received in its time. */
export async function receiveEvent(ports: Doors, envelope: unknown, now: Date): Promise<Receipt> {
  const { success, data } = envelopeShape.safeParse(envelope);
  if (!success) return await refuse(ports, envelope, 'event: no envelope', now);
  const sent = data.time === undefined ? now : new Date(data.time);
  // It may have waited among the dead letters: the time to answer counts from when it was sent.
  const received = sent < now ? sent : now;
  if (data['detail-type'] === detailTypes.request) return await receiveDeletionEvent(ports, data.detail, now, received);
  if (data['detail-type'] === detailTypes.withdrawal) return await receiveWithdrawal(ports, data.detail, now);
  return await refuse(ports, envelope, 'event: unknown type', now);
}

async function refuse(
  { store, deadLetters }: Pick<Doors, 'store' | 'deadLetters'>,
  event: unknown,
  reason: string,
  now: Date,
): Promise<Receipt> {
  await deadLetters?.keep(event, reason);
  await store.refuse(now.toISOString(), reason);
  return { refused: reason };
}
