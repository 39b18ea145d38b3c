import type { Writable } from 'node:stream';

/** What a command writes to: results on stdout, progress and notes on stderr. */
export interface Terminal {
  /** Writes to stdout; resolves when it may take more. */
  print(text: string): Promise<void>;
  /** Writes one line to stderr, above a live line if there is one. */
  note(line: string): void;
  /** Shows a line that the next one replaces; an empty one clears it. Nothing unless {@link interactive}. */
  live(line: string): void;
  /** Whether somebody watches stderr. */
  readonly interactive: boolean;
}

/** A terminal on two streams. `columns`, the width that a live line is cut to; default 80. */
export function terminalOn(out: Writable, err: Writable & { isTTY?: boolean; columns?: number }): Terminal {
  const interactive = err.isTTY === true;
  let shown = false;
  const clear = () => {
    if (shown) err.write('\r\u001b[K');
    shown = false;
  };
  return {
    interactive,
    print(text) {
      clear();
      if (out.write(text)) return Promise.resolve();
      return new Promise((resolve) => out.once('drain', resolve));
    },
    note(line) {
      clear();
      err.write(`${line}\n`);
    },
    live(line) {
      if (!interactive) return;
      clear();
      // A line that wraps could not be replaced.
      err.write(line.slice(0, (err.columns ?? 80) - 1));
      shown = line !== '';
    },
  };
}
