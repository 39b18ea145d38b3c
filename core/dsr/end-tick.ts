import { CheckFailed } from '../errors.ts';
import { failureLine } from '../lake/failure-line.ts';

/** How a batch fared in a tick. */
export interface BatchOutcome {
  readonly batch: string;
  readonly failure?: { readonly Error: string; readonly Cause?: string | undefined } | undefined;
}

/** Ends a tick in which every batch had its turn. @throws CheckFailed that names the batches that failed, and why. */
export function endTick(outcomes: readonly BatchOutcome[]): void {
  const lines = outcomes.flatMap(({ batch, failure }) =>
    failure === undefined ? [] : [`${batch}: ${failureLine(failure.Error, failure.Cause ?? '')}`],
  );
  if (lines.length > 0) throw new CheckFailed(lines.join(' '));
}
