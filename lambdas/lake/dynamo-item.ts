import type { AttributeValue } from '@aws-sdk/client-dynamodb';

/** An item of a table of `pk` and `sk`, or its key. */
export type Item = Record<string, AttributeValue>;

export function text(value: string): { S: string } {
  return { S: value };
}

export function keyOf(pk: string, sk: string): { pk: { S: string }; sk: { S: string } } {
  return { pk: text(pk), sk: text(sk) };
}

/** An instant as DynamoDB's time to live has it: whole seconds since 1970. */
export function secondsOf(instant: Date): { N: string } {
  return { N: String(Math.floor(instant.getTime() / 1_000)) };
}

export function sortKeyOf({ sk }: Item): string {
  return sk?.S ?? '';
}

/** What an item has as JSON in `record`; null where there is none. */
export function recordOf({ record }: Item): unknown {
  return JSON.parse(record?.S ?? 'null');
}
