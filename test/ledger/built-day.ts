import type { BuiltPeriod } from '../../core/lake/run-ledger.ts';
import { addDays } from '../../core/window.ts';

/** A day as a run has put it on record. */
export function builtDay(from: string, change: Partial<BuiltPeriod> = {}): BuiltPeriod {
  return {
    workflow: 'silver-daily',
    period: { grain: 'day', from, to: addDays(from, 1) },
    builtAt: '2026-03-10T12:00:00.000Z',
    revision: `r-${from}`,
    inputs: { bronze_chat_events: '12' },
    completeThrough: from,
    state: 'provisional',
    ...change,
  };
}
