import type { Grain } from './days.ts';

const billion = 1_000_000_000n;

// The contract's table as it stands there: its labels are the only place where the edges are written.
const written: Readonly<Record<string, Readonly<Record<Grain, string>>>> = {
  'COST USER': {
    DAILY: '$0–0.01 / $0.01–0.05 / $0.05–0.1 / $0.1–0.3 / $0.3–0.5 / $0.5–1 / $1–2 / $2–5 / $5+',
    WEEKLY: '$0–0.05 / $0.05–0.5 / $0.5–2 / $2–5 / $5–10 / $10–30 / $30–50 / $50–100 / $100+',
    MONTHLY: '$0–0.1 / $0.1–1 / $1–5 / $5–10 / $10–30 / $30–50 / $50–100 / $100–300 / $300+',
  },
  'TOKENS USER': {
    DAILY: '1–200 / 201–500 / 501–1k / 1k–3k / 3k–10k / 10k–30k / 30k–50k / 50k–100k / 100k+',
    WEEKLY: '1–1k / 1k–5k / 5k–20k / 20k–50k / 50k–100k / 100k–300k / 300k–500k / 500k–1M / 1M+',
    MONTHLY: '1–5k / 5k–20k / 20k–100k / 100k–300k / 300k–500k / 500k–1M / 1M–3M / 3M–5M / 5M+',
  },
  'ROOMS USER': {
    DAILY: '1 / 2 / 3 / 4–5 / 6–10 / 11–20 / 21–50 / 51–100 / 100+',
    WEEKLY: '1 / 2–3 / 4–5 / 6–10 / 11–20 / 21–50 / 51–100 / 101–200 / 200+',
    MONTHLY: '1–2 / 3–5 / 6–10 / 11–20 / 21–50 / 51–100 / 101–200 / 201–500 / 500+',
  },
  'MESSAGES USER': {
    DAILY: '1 / 2–3 / 4–5 / 6–10 / 11–20 / 21–50 / 51–100 / 101–200 / 200+',
    WEEKLY: '1–5 / 6–20 / 21–50 / 51–100 / 101–200 / 201–500 / 501–1k / 1k–2k / 2k+',
    MONTHLY: '1–10 / 11–50 / 51–200 / 201–500 / 501–1k / 1k–2k / 2k–5k / 5k–10k / 10k+',
  },
  'MESSAGES ROOM': {
    DAILY: '1 / 2–3 / 4–5 / 6–10 / 11–20 / 21–50 / 51–100 / 101–200 / 200+',
    WEEKLY: '1–10 / 11–50 / 51–200 / 201–500 / 501–1k / 1k–2k / 2k–5k / 5k–10k / 10k+',
    MONTHLY: '1–50 / 51–200 / 201–500 / 501–1k / 1k–2k / 2k–5k / 5k–10k / 10k–20k / 20k+',
  },
  'TOKENS MESSAGE': {
    DAILY: '1–100 / 101–300 / 301–800 / 801–1k / 1k–2k / 2k–4k / 4k–8k / 8k–16k / 16k+',
    WEEKLY: '1–200 / 201–500 / 501–1k / 1k–2k / 2k–4k / 4k–8k / 8k–16k / 16k–32k / 32k+',
    MONTHLY: '1–500 / 501–1k / 1k–3k / 3k–8k / 8k–16k / 16k–32k / 32k–64k / 64k–128k / 128k+',
  },
};

export interface Buckets {
  readonly metric: string;
  readonly entity: string;
  readonly labels: readonly string[];
  /** Upper edges of the first eight, each inside its bucket. Costs in billionths. */
  readonly edges: readonly bigint[];
}

/** Every bucket list of a grain. */
export const bucketsOf: Readonly<Record<Grain, readonly Buckets[]>> = {
  DAILY: read('DAILY'),
  WEEKLY: read('WEEKLY'),
  MONTHLY: read('MONTHLY'),
};

/** The bucket, 1 to 9, that a value falls into. */
export function bucketOrder(buckets: Buckets, value: bigint): number {
  const index = buckets.edges.findIndex((edge) => value <= edge);
  return index < 0 ? 9 : index + 1;
}

function read(grain: Grain): Buckets[] {
  return Object.entries(written).map(([name, lists]) => {
    const [metric = '', entity = ''] = name.split(' ');
    const labels = lists[grain].split(' / ');
    return { metric, entity, labels, edges: labels.slice(0, 8).map(upperEdge) };
  });
}

/** `501–1k` ends at 1000n, `2` at 2n, `$0.01–0.05` at 50_000_000n. */
function upperEdge(label: string): bigint {
  const end = label.split('–').at(-1) ?? '';
  if (label.startsWith('$')) return BigInt(Math.round(Number(end) * 100)) * (billion / 100n);
  const factor = end.endsWith('M') ? 1_000_000n : end.endsWith('k') ? 1000n : 1n;
  return BigInt(end.replace(/[kM]$/, '')) * factor;
}
