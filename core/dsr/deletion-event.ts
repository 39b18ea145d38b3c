import { z } from 'zod';
import { longestIdentity } from './limits.ts';

/** A deletion event: the parts of OpenDSR 2.0 that an erasure needs. Source: https://github.com/opengdpr/OpenDSR. */
export const deletionEventSchema = z
  .strictObject({
    regulation: z.enum(['gdpr', 'ccpa']).describe('The law the request is made under; it decides the due date.'),
    subject_request_id: z.uuid().describe('The caller’s id of the request; the same one twice is one request.'),
    subject_request_type: z.literal('erasure'),
    subject_identities: z
      .array(
        z.strictObject({
          identity_type: z.literal('controller_customer_id'),
          identity_value: z.string().min(1).max(longestIdentity).describe('The person’s user id.'),
          identity_format: z.literal('raw'),
        }),
      )
      .min(1)
      .max(10),
    submitted_time: z.iso
      .datetime({ offset: true })
      .describe('When the person asked. Rows up to this instant are in scope.'),
    api_version: z.string().max(16).optional(),
  })
  .describe('A request to erase a person, as the detail of an event of type DeletionRequested.');

export type DeletionEvent = z.infer<typeof deletionEventSchema>;

/** Takes a request back that is still pending. */
export const withdrawalEventSchema = z
  .strictObject({ subject_request_id: z.uuid().describe('The id that the request was submitted under.') })
  .describe('The withdrawal of a request that is still pending, as the detail of an event of type DeletionWithdrawn.');

/** What callers are told, at least once, when a request changes its status. */
export const statusEventDetailSchema = z
  .strictObject({
    subject_request_id: z.string().describe('The caller’s id of the request.'),
    request_status: z.enum(['pending', 'in_progress', 'completed', 'cancelled']),
    changed_time: z.iso.datetime().describe('When it changed. Events may arrive out of order, and more than once.'),
  })
  .describe('A change of a request’s status, as the detail of an event of type DeletionStatusChanged from `lethe`.');

/** Why an event was refused: fields and rules, never a value of it. */
export interface Refusal {
  readonly reason: string;
}

/** Reads a deletion event; a malformed one gives a reason that holds nothing of it but the names of our own fields. */
export function readDeletionEvent(event: unknown): DeletionEvent | Refusal {
  const parsed = deletionEventSchema.safeParse(event);
  if (parsed.success) return parsed.data;
  // A key that we do not know may itself be an identity, so that only our own fields are named.
  const known = new Set([
    ...Object.keys(deletionEventSchema.shape),
    'identity_type',
    'identity_value',
    'identity_format',
  ]);
  const reasons = parsed.error.issues.map(({ path, code }) => {
    const named = path.filter((part) => typeof part === 'number' || known.has(String(part)));
    return `${named.length === 0 ? 'event' : named.join('.')}: ${code}`;
  });
  return { reason: [...new Set(reasons)].sort().join(', ') };
}

/** The JSON Schemas of the events, as they are published, by the name of the file. */
export function eventSchemas(): Record<string, unknown> {
  const jsonSchema = (schema: z.ZodType) => z.toJSONSchema(schema, { target: 'draft-2020-12' });
  return {
    'deletion-event': jsonSchema(deletionEventSchema),
    'withdrawal-event': jsonSchema(withdrawalEventSchema),
    'status-event': jsonSchema(statusEventDetailSchema),
  };
}
