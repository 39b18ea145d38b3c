/** Somebody pressed Ctrl-C: the work stopped between two statements. */
export class Interrupted extends Error {
  override readonly name = 'Interrupted';
}

/** The process whose engine was used has ended before this one was done. */
export class EngineLost extends Error {
  override readonly name = 'EngineLost';

  constructor(home: string) {
    super(`The command that had --home ${home} open has ended before this one: nothing is half written. Run it again.`);
  }
}

/** An error as one line for the terminal. */
export function oneLine(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  return message.replaceAll(/\s+/g, ' ').trim();
}
