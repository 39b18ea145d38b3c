import { endHeldStack } from './held-stack.ts';

export default async function endStack(): Promise<void> {
  await endHeldStack();
}
