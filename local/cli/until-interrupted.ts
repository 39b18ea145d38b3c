import { Interrupted } from './errors.ts';

/** A statement that takes longer than this is not waited for: its process ends, and it leaves nothing. */
const patienceMillis = 5_000;

/** Settles as the work does; once interrupted, it fails when the work stops, which it does between two statements. @throws Interrupted then. */
export async function untilInterrupted<T>(signal: AbortSignal, work: Promise<T>): Promise<T> {
  const interrupted = () => new Interrupted('Stopped. What is finished is kept; run the same command again to go on.');
  const patience = new Promise<never>((_, reject) => {
    const wait = () => setTimeout(() => reject(interrupted()), patienceMillis).unref();
    if (signal.aborted) wait();
    else signal.addEventListener('abort', wait, { once: true });
  });
  try {
    return await Promise.race([work, patience]);
  } catch (error) {
    throw signal.aborted ? interrupted() : error;
  }
}
