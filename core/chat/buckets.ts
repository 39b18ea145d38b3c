import { DeclarationError } from '../errors.ts';

/** What a distribution measures, and what it counts. */
export interface BucketMetric {
  readonly metric: 'COST' | 'TOKENS' | 'ROOMS' | 'MESSAGES';
  readonly entity: 'USER' | 'ROOM' | 'MESSAGE';
}

/** One distribution of one grain: nine labels, smallest first, and the eight upper edges between them as exact decimals. */
export interface BucketList extends BucketMetric {
  readonly labels: readonly string[];
  readonly edges: readonly string[];
}

export type BucketGrain = 'day' | 'week' | 'month';

// The labels are the only place where an edge is written: the part after the dash (or the single number) is the
// bucket's upper edge, included.
const lists: Record<BucketGrain, readonly (readonly [BucketMetric['metric'], BucketMetric['entity'], string])[]> = {
  day: [
    ['COST', 'USER', '$0–0.01 / $0.01–0.05 / $0.05–0.1 / $0.1–0.3 / $0.3–0.5 / $0.5–1 / $1–2 / $2–5 / $5+'],
    ['TOKENS', 'USER', '1–200 / 201–500 / 501–1k / 1k–3k / 3k–10k / 10k–30k / 30k–50k / 50k–100k / 100k+'],
    ['ROOMS', 'USER', '1 / 2 / 3 / 4–5 / 6–10 / 11–20 / 21–50 / 51–100 / 100+'],
    ['MESSAGES', 'USER', '1 / 2–3 / 4–5 / 6–10 / 11–20 / 21–50 / 51–100 / 101–200 / 200+'],
    ['MESSAGES', 'ROOM', '1 / 2–3 / 4–5 / 6–10 / 11–20 / 21–50 / 51–100 / 101–200 / 200+'],
    ['TOKENS', 'MESSAGE', '1–100 / 101–300 / 301–800 / 801–1k / 1k–2k / 2k–4k / 4k–8k / 8k–16k / 16k+'],
  ],
  week: [
    ['COST', 'USER', '$0–0.05 / $0.05–0.5 / $0.5–2 / $2–5 / $5–10 / $10–30 / $30–50 / $50–100 / $100+'],
    ['TOKENS', 'USER', '1–1k / 1k–5k / 5k–20k / 20k–50k / 50k–100k / 100k–300k / 300k–500k / 500k–1M / 1M+'],
    ['ROOMS', 'USER', '1 / 2–3 / 4–5 / 6–10 / 11–20 / 21–50 / 51–100 / 101–200 / 200+'],
    ['MESSAGES', 'USER', '1–5 / 6–20 / 21–50 / 51–100 / 101–200 / 201–500 / 501–1k / 1k–2k / 2k+'],
    ['MESSAGES', 'ROOM', '1–10 / 11–50 / 51–200 / 201–500 / 501–1k / 1k–2k / 2k–5k / 5k–10k / 10k+'],
    ['TOKENS', 'MESSAGE', '1–200 / 201–500 / 501–1k / 1k–2k / 2k–4k / 4k–8k / 8k–16k / 16k–32k / 32k+'],
  ],
  month: [
    ['COST', 'USER', '$0–0.1 / $0.1–1 / $1–5 / $5–10 / $10–30 / $30–50 / $50–100 / $100–300 / $300+'],
    ['TOKENS', 'USER', '1–5k / 5k–20k / 20k–100k / 100k–300k / 300k–500k / 500k–1M / 1M–3M / 3M–5M / 5M+'],
    ['ROOMS', 'USER', '1–2 / 3–5 / 6–10 / 11–20 / 21–50 / 51–100 / 101–200 / 201–500 / 500+'],
    ['MESSAGES', 'USER', '1–10 / 11–50 / 51–200 / 201–500 / 501–1k / 1k–2k / 2k–5k / 5k–10k / 10k+'],
    ['MESSAGES', 'ROOM', '1–50 / 51–200 / 201–500 / 501–1k / 1k–2k / 2k–5k / 5k–10k / 10k–20k / 20k+'],
    ['TOKENS', 'MESSAGE', '1–500 / 501–1k / 1k–3k / 3k–8k / 8k–16k / 16k–32k / 32k–64k / 64k–128k / 128k+'],
  ],
};

/** Zeros that a letter behind a number stands for. */
const zeros = { k: '000', M: '000000' } as const;

function upperEdge(label: string): string {
  const match = /([\d.]+)([kM]?)$/.exec(label);
  const [, number, unit] = match ?? [];
  if (number === undefined) throw new DeclarationError(`The bucket label "${label}" has no upper edge.`);
  return unit === 'k' || unit === 'M' ? `${number}${zeros[unit]}` : number;
}

/** The six distributions of a grain. A value falls into the first bucket whose upper edge it does not exceed; the ninth is open. */
export function bucketLists(grain: BucketGrain): BucketList[] {
  return lists[grain].map(([metric, entity, text]) => {
    const labels = text.split(' / ');
    return { metric, entity, labels, edges: labels.slice(0, -1).map(upperEdge) };
  });
}
