import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { StatementFailed } from '../../core/errors.ts';
import type { Engine } from '../../core/lake/engine.ts';

/** Runs a query to its end and gives all its rows. @throws StatementFailed with the engine's code. */
export async function allRows(engine: Engine, sql: string): Promise<Record<string, string | null>[]> {
  const id = await engine.start(sql, randomUUID());
  for (let pause = 1; ; pause = Math.min(pause * 2, 200)) {
    const status = await engine.status(id);
    if (status.state === 'succeeded') return await engine.allRows(id);
    if ('code' in status) {
      throw new StatementFailed(`A question about an erasure failed with ${status.code}: statement ${id}.`);
    }
    await sleep(pause);
  }
}

/** As {@link allRows}, for a query of one row. */
export async function firstRow(engine: Engine, sql: string): Promise<Record<string, string | null>> {
  return (await allRows(engine, sql))[0] ?? {};
}
