/**
 * Minutes from the sink's reading a record to its commit of it, at most: the interval of commits, doubled because one may just
 * have begun without it, and five for the commit itself.
 */
export function minutesUntilCommitted(commitMinutes: number): number {
  return 2 * commitMinutes + 5;
}
