/** Most people of a batch: what one task reads from the vault within its time. */
export const mostSubjects = 100_000;

/** Longest identifier that is taken, in characters. */
export const longestIdentity = 1_024;

/** Of the time between a request and the day by which it has to be answered: what is left is enough for a second try. */
export const dueSoonShare = 0.7;
