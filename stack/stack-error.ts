/** The stack cannot be assembled, started or kept running. The message says which part, why, and what to do. */
export class StackError extends Error {
  override readonly name = 'StackError';
}
