import { StatementFailed } from '../errors.ts';
import type { Engine, StatementStatus } from './engine.ts';

/** What asking takes: an engine, and a way to wait for it. */
export interface Asker {
  readonly engine: Engine;
  readonly sleep: (millis: number) => Promise<void>;
}

/** An answer longer than this is a mistake: what is asked this way are counts and instants. */
const mostRows = 100;

/** How often a question is asked that fails in a way that can pass. */
const mostAttempts = 3;

/**
 * Runs a short query to its end and gives back its rows. For tasks that need an answer themselves; the statements of a
 * workflow are started and looked at by states of their own.
 *
 * @param token what makes this question that question: 32 characters or more are made of it.
 * @throws StatementFailed when it did not succeed: no answer is none of nothing.
 */
export async function askEngine(
  { engine, sleep }: Asker,
  sql: string,
  token: string,
): Promise<Record<string, string | null>[]> {
  for (let attempt = 1; ; attempt++) {
    const id = await engine.start(sql, `${token} ${attempt}`.padEnd(32, '.'));
    const status = await endOf({ engine, sleep }, id);
    if (!('code' in status)) return engine.rows(id, mostRows);
    if (!status.passing || attempt === mostAttempts) {
      throw new StatementFailed(`A question failed with ${status.code}: statement ${id}.`);
    }
    await sleep(attempt * 1_000);
  }
}

type Ended = Exclude<StatementStatus, { state: 'queued' | 'running' }>;

/** How a statement ended; waits for it. For short ones: nothing is kept of it meanwhile. */
export async function endOf({ engine, sleep }: Asker, id: string): Promise<Ended> {
  for (let pause = 250; ; pause = Math.min(pause * 2, 2_000)) {
    const status = await engine.status(id);
    if ('statistics' in status) return status;
    await sleep(pause);
  }
}
