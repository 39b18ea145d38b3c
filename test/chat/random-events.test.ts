import fc from 'fast-check';
import { adversarialInput, redelivered } from '../oracle/random-events.ts';
import { built, differencesFromOracle } from './built.ts';

describe('the chat pipeline', () => {
  test('builds what the second reading of the contract says, for awkward events', async () => {
    await fc.assert(
      fc.asyncProperty(adversarialInput({ messages: 150, toolCalls: 80 }), async (input) => {
        expect(differencesFromOracle(input, await built(input))).toEqual([]);
      }),
      { numRuns: 5, seed: 20260105, endOnFailure: true },
    );
  }, 60_000);

  test('builds the same tables from the same events in any order, each delivered up to three times', async () => {
    const pairs = adversarialInput({ messages: 80, toolCalls: 40 }).chain((input) =>
      redelivered(input).map((again) => ({ input, again })),
    );
    await fc.assert(
      fc.asyncProperty(pairs, async ({ input, again }) => {
        expect(differencesFromOracle(input, await built(again))).toEqual([]);
      }),
      { numRuns: 2, seed: 20260106, endOnFailure: true },
    );
  }, 60_000);
});
