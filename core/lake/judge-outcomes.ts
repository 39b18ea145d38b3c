import { CheckFailed } from '../errors.ts';
import { failureLine } from './failure-line.ts';

/** How one of a run's parts fared. A run whose parts have nothing to do with each other gives each its turn, whatever came of those before. */
export interface PartOutcome {
  /** A table, or a batch. */
  readonly part: string;
  readonly failure?: { readonly Error: string; readonly Cause?: string | undefined } | undefined;
}

/** Ends a run in which every part had its turn. @throws CheckFailed that names the parts that failed, and why. */
export function judgeOutcomes(outcomes: readonly PartOutcome[]): void {
  const lines = outcomes.flatMap(({ part, failure }) =>
    failure === undefined ? [] : [`${part}: ${failureLine(failure.Error, failure.Cause ?? '')}`],
  );
  if (lines.length > 0) throw new CheckFailed(lines.join(' '));
}
