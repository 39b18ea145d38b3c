import type { Identifies } from './table.ts';

/**
 * What a field of a topic may hold. `text`: a JSON string. `tokens`: a whole number of 0 to 2^63 - 1. `cost`: a number that
 * fits decimal(18,9). `instant`: ISO 8601 with an offset, or epoch milliseconds. `day`: `YYYY-MM-DD`.
 */
export type FieldKind = 'text' | 'tokens' | 'cost' | 'instant' | 'day';

export interface TopicField {
  readonly name: string;
  readonly kind: FieldKind;
  readonly description: string;
  /** A record without it is rejected. Default: it may be missing or null. */
  readonly required?: true;
  readonly identifies?: Identifies;
}

/** A Kafka topic of flat JSON records. Fields that are not listed here, free text above all, are dropped before anything is stored. */
export interface Topic {
  /** The word that the command line and the settings use for it. */
  readonly key: string;
  /** Its name in Kafka, unless the settings say otherwise. */
  readonly defaultName: string;
  readonly description: string;
  readonly fields: readonly TopicField[];
  /** The field of kind `instant` that says when the event happened. */
  readonly eventTime: string;
  /** The field of kind `day` that the bronze table is partitioned by; derived from the event time where it is missing. */
  readonly day: string;
}

/** Most days that a record's day may lie off the UTC day of its event time: one that lies further off is rejected. */
export const mostDaysOff = 1;

/** Declares a topic, keeping its field names as literal types. */
export function defineTopic<const T extends Topic>(topic: T): T {
  return topic;
}
