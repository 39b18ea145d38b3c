/** Every reason for which a record is kept out of bronze: a closed list of words, so that no reason can carry a value. */
export const rejectionReasons = [
  'not Unicode',
  'too long',
  'not an object',
  'missing',
  'not text',
  'unreadable',
  'out of range',
  'in the future',
  'no calendar date',
  'too far from timestamp',
  'not a number',
  'negative',
  'not whole',
  'too large',
] as const;

export type RejectionReason = (typeof rejectionReasons)[number];

/** Why a record was kept out, and because of which field; `field` is null when it was the record as a whole. Never a value of it. */
export interface Rejection {
  readonly field: string | null;
  readonly reason: RejectionReason;
}
