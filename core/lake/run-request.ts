import type { Window } from '../window.ts';
import type { RunMode } from './run-ledger.ts';

/** What a run is asked for. Without a window it is the newest period that has ended, those that late events changed, and those missed. */
export interface RunRequest {
  readonly mode: RunMode;
  readonly window?: Window | undefined;
}
