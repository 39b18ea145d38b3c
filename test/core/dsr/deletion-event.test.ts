import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { eventSchemas, readDeletionEvent } from '../../../core/dsr/deletion-event.ts';
import { dueDate } from '../../../core/dsr/due-date.ts';

const secret = 'person-who-must-not-be-named';
const event = {
  regulation: 'gdpr',
  subject_request_id: '0b0f6a0e-6f0e-4d39-9d2e-0d6b7c3a9f11',
  subject_request_type: 'erasure',
  subject_identities: [{ identity_type: 'controller_customer_id', identity_value: secret, identity_format: 'raw' }],
  submitted_time: '2026-03-05T10:00:00+01:00',
};
const identity = event.subject_identities[0];

test('a deletion event is read as it is', () => {
  expect(readDeletionEvent(event)).toEqual(event);
});

test.each<[string, unknown, string]>([
  ['no object', secret, 'event: invalid_type'],
  ['another request', { ...event, subject_request_type: 'access' }, 'subject_request_type: invalid_value'],
  ['another law', { ...event, regulation: secret }, 'regulation: invalid_value'],
  ['nobody', { ...event, subject_identities: [] }, 'subject_identities: too_small'],
  ['a hash', { ...event, subject_identities: [{ ...identity, identity_format: 'sha256' }] }, 'identity_format'],
  ['an unknown key', { ...event, [secret]: secret }, 'event: unrecognized_keys'],
  ['no time', { ...event, submitted_time: secret }, 'submitted_time: invalid_format'],
])('an event with %s is refused with a reason that names no value of it', (_, wrong, reason) => {
  const refusal = readDeletionEvent(wrong);
  expect(refusal).toEqual({ reason: expect.stringContaining(reason) });
  expect(JSON.stringify(refusal)).not.toContain(secret);
});

test.each(Object.entries(eventSchemas()))('the published schema of the %s is the one in use', (name, schema) => {
  const published = readFileSync(join(import.meta.dirname, `../../../docs/erasure/${name}.schema.json`), 'utf8');
  expect(JSON.parse(published)).toEqual(JSON.parse(JSON.stringify(schema)));
});

test.each([
  ['gdpr', '2026-03-05T10:00:00Z', '2026-04-05T10:00:00.000Z'],
  ['gdpr', '2026-01-31T10:00:00Z', '2026-02-28T10:00:00.000Z'],
  ['gdpr', '2024-01-30T10:00:00Z', '2024-02-29T10:00:00.000Z'],
  ['gdpr', '2026-12-31T23:59:59Z', '2027-01-31T23:59:59.000Z'],
  ['ccpa', '2026-03-05T10:00:00Z', '2026-04-19T10:00:00.000Z'],
] as const)('a request under %s of %s is due by %s', (regulation, received, due) => {
  expect(dueDate(regulation, new Date(received)).toISOString()).toBe(due);
});
