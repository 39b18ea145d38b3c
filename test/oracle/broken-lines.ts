import fc from 'fast-check';

/** JSON texts of a record's fields; undefined where the record lacks the field. */
export type Spelt = Record<string, string | undefined>;

// What may not enter, laid over a good record: each is wrong in one way.
const faultsOfBoth: readonly Spelt[] = [
  { chat_id: undefined },
  { chat_id: 'null' },
  { chat_id: '""' },
  { chat_id: '17' },
  { user_id: undefined },
  { user_id: '["u1"]' },
  { timestamp: undefined },
  { timestamp: '""' },
  { timestamp: '"yesterday"' },
  { timestamp: '"2026-01-10T10:00:00"' },
  { timestamp: '"2026-02-30T10:00:00Z"' },
  { timestamp: '1768040000' },
  { timestamp: '"1999-12-31T23:59:59Z"' },
  { timestamp: '"2100-01-01T00:00:00Z"' },
  { timestamp: 'true' },
  { dt: '"2026-02-30"' },
  { dt: '"2001-01-01"' },
  { dt: '20260110' },
];
const faultsOfChats: readonly Spelt[] = [
  { room_id: undefined },
  { room_id: '{}' },
  { prompt_tokens: '-1' },
  { completion_tokens: '1.5' },
  { total_tokens: '9223372036854775808' },
  { prompt_tokens: '"many"' },
  { request_cost: '-0.01' },
  { total_cost: '1000000000' },
  { input_tokens_cost: '"free"' },
  { output_tokens_cost: '[0.1]' },
  { platform: '5' },
  { country: 'false' },
];
const noObjects = ['null', '[]', '17', '"text"', '{"chat_id":"c0"', '{"chat_id":', 'not json', '[{"chat_id":"c0"}]'];
const nothing = ['', '   '];

/** A broken line for each topic; `of` says which record it is made from and where it stands. */
export const fault = fc.record({
  of: fc.nat(),
  chatLine: fc.oneof(fc.constantFrom(...faultsOfBoth, ...faultsOfChats), fc.constantFrom(...noObjects, ...nothing)),
  toolLine: fc.oneof(fc.constantFrom(...faultsOfBoth), fc.constantFrom(...noObjects, ...nothing)),
});
