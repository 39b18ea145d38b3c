import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { InputError } from '../../core/errors.ts';
import { openSession, type Session, type SessionOptions } from '../session.ts';
import { EngineLost } from './errors.ts';
import type { LetheOptions } from './lethe-options.ts';
import type { Place } from './place.ts';
import { readSettings } from './settings-file.ts';

/** Whether a folder is a lakehouse already. */
export function holdsLakehouse(home: string): boolean {
  return existsSync(join(home, 'lake.duckdb'));
}

/** Refuses a home that nothing has been put into: a mistyped one would be made, and look empty. @throws InputError. */
export function expectLakehouse(home: string): void {
  if (!holdsLakehouse(home)) {
    throw new InputError(`--home ${home}: there is nothing there yet; fill it with "lethe ingest" or "lethe demo".`);
  }
}

/**
 * Opens the home, made when missing, for as long as `use` takes.
 *
 * @param more who is told of states, another clock, the engine's memory and threads. Default: nobody, the place's, the engine's own.
 * @throws InputError for settings or a home that cannot be used.
 */
export async function withSession<T>(
  options: LetheOptions,
  place: Place,
  use: (session: Session) => Promise<T>,
  more: Pick<SessionOptions, 'onState' | 'now' | 'clock' | 'memoryLimit' | 'threads'> = {},
): Promise<T> {
  const settings = readSettings(options.config);
  const session = await openSession({
    home: options.home,
    settings,
    pipelines: await place.pipelines(),
    synthesize: place.synthesize,
    ...(place.sql === undefined ? {} : { sql: place.sql }),
    now: place.now,
    signal: place.interrupted,
    ...more,
  });
  try {
    return await use(session);
  } catch (error) {
    // Whatever it says is a consequence.
    throw !(error instanceof InputError) && (await session.hasLostEngine()) ? new EngineLost(options.home) : error;
  } finally {
    // After Ctrl-C something may be under way that closing would wait for; ending the process is safe at any point.
    await Promise.race([session.close(), ...(place.interrupted.aborted ? [sleep(2_000)] : [])]);
  }
}
