import { rmSync } from 'node:fs';
import type { Stack } from '../../stack/stack.ts';

let held: { readonly stack: Stack; readonly directory: string } | undefined;

/** Keeps the suite's stack from its start to its end. */
export function holdStack(stack: Stack, directory: string): void {
  held = { stack, directory };
}

/** Ends the stack, and takes its folder away unless something went wrong in it. */
export async function endHeldStack(): Promise<void> {
  if (held === undefined) return;
  await held.stack.close();
  rmSync(held.directory, { recursive: true, force: true });
}
