import type { RunLedger } from '../../core/lake/run-ledger.ts';

const lookMillis = 1_000;

/**
 * Tells of every change that runs make, of whichever process: `send` gets the workflow, its state and its window. Returns
 * what ends it.
 */
export function followLedger(ledger: RunLedger, send: (event: object) => void): () => void {
  let known: string | undefined;
  let isLooking = false;
  const look = async () => {
    if (isLooking) return;
    isLooking = true;
    try {
      const [latest] = await ledger.latestRuns(1);
      const seen = latest === undefined ? '' : `${latest.id} ${latest.outcome ?? 'running'}`;
      if (known !== undefined && seen !== known && latest !== undefined) {
        const { workflow, outcome, window } = latest;
        send({ workflow, outcome: outcome ?? 'running', ...(window === undefined ? {} : { through: window.to }) });
      }
      known = seen;
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
