/** Somebody pressed Ctrl-C: the work stopped between two statements. */
export class Interrupted extends Error {
  override readonly name = 'Interrupted';
}

/** An error as one line for the terminal. */
export function oneLine(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  return message.replaceAll(/\s+/g, ' ').trim();
}
