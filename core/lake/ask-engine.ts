import type { Engine } from './engine.ts';

/** What asking takes: an engine, and a way to wait for it. */
export interface Asker {
  readonly engine: Engine;
  readonly sleep: (millis: number) => Promise<void>;
}

/** An answer longer than this is a mistake: what is asked this way are counts and instants. */
const mostRows = 100;

/**
 * Runs a short query to its end and gives back its rows; undefined when it did not succeed. For tasks that need an answer
 * themselves; the statements of a workflow are started and looked at by states of their own.
 *
 * @param token what makes this question that question: 32 characters or more are made of it.
 */
export async function askEngine(
  { engine, sleep }: Asker,
  sql: string,
  token: string,
): Promise<Record<string, string | null>[] | undefined> {
  const id = await engine.start(sql, token.padEnd(32, '.'));
  let status = await engine.status(id);
  for (let pause = 250; status.state === 'queued' || status.state === 'running'; pause = Math.min(pause * 2, 2_000)) {
    await sleep(pause);
    status = await engine.status(id);
  }
  return status.state === 'succeeded' ? engine.rows(id, mostRows) : undefined;
}
