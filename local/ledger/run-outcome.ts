import type { RunRecord } from '../../core/lake/run-ledger.ts';

/** How a run stands: without an end it is `running`, unless nobody can be running it. Then it is `interrupted`. */
export type RunOutcome = 'succeeded' | 'failed' | 'running' | 'interrupted';

/** @param isAbandoned whether nobody can be running it, should it have no end. */
export function outcomeOf({ outcome }: RunRecord, isAbandoned: boolean): RunOutcome {
  return outcome ?? (isAbandoned ? 'interrupted' : 'running');
}
