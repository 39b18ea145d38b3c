import type { RunLedger } from '../../core/lake/run-ledger.ts';
import { recentRuns, stateOf } from './recent-runs.ts';

const lookMillis = 1_000;

/**
 * Tells of every change that runs make, of whichever process: `send` gets the workflow, its state and its window. Of several
 * since the last look it tells one, a run that is under way if there is any. Returns what ends it.
 *
 * @param now Default: the machine's clock.
 */
export function followLedger(
  ledger: RunLedger,
  send: (event: object) => void,
  now: () => Date = () => new Date(),
): () => void {
  let known: ReadonlySet<string> | undefined;
  let isLooking = false;
  const look = async () => {
    if (isLooking) return;
    isLooking = true;
    try {
      const runs = await recentRuns(ledger, now());
      const before = known;
      known = new Set(runs.map(stateOf));
      if (before === undefined) return;
      const changed = runs.filter((run) => !before.has(stateOf(run)));
      const told = changed.find(({ outcome }) => outcome === undefined) ?? changed[0];
      if (told === undefined) return;
      const { workflow, outcome, window } = told;
      send({ workflow, outcome: outcome ?? 'running', ...(window === undefined ? {} : { through: window.to }) });
    } catch {
      // The ledger may be busy; the next look will tell.
    } finally {
      isLooking = false;
    }
  };
  void look();
  const timer = setInterval(() => void look(), lookMillis);
  return () => clearInterval(timer);
}
