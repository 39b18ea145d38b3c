/** A stretch of time: from its first instant to the first that is not in it. */
export interface Span {
  readonly from: Date;
  readonly to: Date;
}

/** @param at an instant in ISO 8601, or an empty text for one that has not come. */
export function isIn({ from, to }: Span, at: string): boolean {
  return at >= from.toISOString() && at < to.toISOString();
}
