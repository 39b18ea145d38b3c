import { randomUUID } from 'node:crypto';
import type { DeletionEvent } from '../../core/dsr/deletion-event.ts';
import type { Erasures } from '../../core/dsr/erasures.ts';
import { receiveDeletionEvent } from '../../core/dsr/receive.ts';
import type { Regulation } from '../../core/dsr/request-store.ts';
import { InputError } from '../../core/errors.ts';

/** The event that asks for somebody to be erased, with an id of its own. */
export function deletionEventOf(identity: string, regulation: Regulation, submitted: Date): DeletionEvent {
  return {
    regulation,
    subject_request_id: randomUUID(),
    subject_request_type: 'erasure',
    subject_identities: [{ identity_type: 'controller_customer_id', identity_value: identity, identity_format: 'raw' }],
    submitted_time: submitted.toISOString(),
  };
}

/** Asks for somebody to be erased and gives the id of the request. @throws InputError when the event is refused. */
export async function submitRequest(
  erasures: Erasures,
  identity: string,
  regulation: Regulation,
  now: Date,
): Promise<string> {
  const outcome = await receiveDeletionEvent(erasures, deletionEventOf(identity, regulation, now), now);
  if ('refused' in outcome) throw new InputError(`The request was refused: ${outcome.refused}.`);
  return outcome.accepted;
}
