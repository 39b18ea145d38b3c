import fc from 'fast-check';
import { adversarialInput, redelivered } from '../oracle/random-events.ts';
import { built, differencesFromOracle } from './built.ts';

/** Builds random awkward events so many times, and holds every table against the second reading of the contract. */
export async function awkwardEventsAgree(numRuns: number, seed: number): Promise<void> {
  await fc.assert(
    fc.asyncProperty(adversarialInput({ messages: 150, toolCalls: 80 }), async (input) => {
      expect(differencesFromOracle(input, await built(input))).toEqual([]);
    }),
    { numRuns, seed, endOnFailure: true },
  );
}

/** The same for events that come in another order, and some of them again. */
export async function anyOrderAgrees(numRuns: number, seed: number): Promise<void> {
  const pairs = adversarialInput({ messages: 80, toolCalls: 40 }).chain((input) =>
    redelivered(input).map((again) => ({ input, again })),
  );
  await fc.assert(
    fc.asyncProperty(pairs, async ({ input, again }) => {
      expect(differencesFromOracle(input, await built(again))).toEqual([]);
    }),
    { numRuns, seed, endOnFailure: true },
  );
}
