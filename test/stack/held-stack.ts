import { rmSync } from 'node:fs';
import type { Stack } from '../../stack/stack.ts';

let held: { readonly stack: Stack; readonly directory: string } | undefined;

/** Keeps the suite's stack from its start to its end. */
export function holdStack(stack: Stack, directory: string): void {
  held = { stack, directory };
  // Whatever ends jest, an error that nobody caught for one, must not leave parts running.
  process.once('exit', () => stack.abandon());
}

/** Ends the stack, if there is one, and takes its folder away; says whether there was one. */
export async function endHeldStack(): Promise<boolean> {
  if (held === undefined) return false;
  await held.stack.close();
  rmSync(held.directory, { recursive: true, force: true });
  return true;
}
