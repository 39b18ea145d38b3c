import { everybody, type PeriodGrain } from '../../../dashboards/chart.ts';
import { isGrain } from '../choices.ts';

/** What the address says: which page, and what its reader has chosen. */
export interface Address {
  readonly page: string;
  readonly grain: PeriodGrain;
  /** Periods counted back from the last one, all of them, or two dates. */
  readonly range: number | 'all' | { readonly from: string; readonly to: string };
  readonly platform: string;
  /** Empty: all of them. */
  readonly compared: readonly string[];
}

/** Lengths of time to choose from, in periods; the second is the default. */
export const rangesOf: Readonly<Record<PeriodGrain, readonly (number | 'all')[]>> = {
  DAILY: [7, 30, 90, 'all'],
  WEEKLY: [4, 13, 52, 'all'],
  MONTHLY: [3, 12, 24, 'all'],
};

const dateShape = /^\d{4}-\d{2}-\d{2}$/;

/** The range of a reader who has chosen none. */
export function defaultRange(grain: PeriodGrain): number | 'all' {
  return rangesOf[grain][1] ?? 'all';
}

/** Reads an address; what it lacks, or cannot be read, has its default. */
export function readAddress(location: Pick<URL, 'pathname' | 'search'>, firstPage: string): Address {
  const parameters = new URLSearchParams(location.search);
  const asked = parameters.get('grain');
  const grain = isGrain(asked) ? asked : 'DAILY';
  return {
    page: location.pathname.slice(1) === '' ? firstPage : location.pathname.slice(1),
    grain,
    range: readRange(parameters, grain),
    platform: parameters.get('platform') ?? everybody,
    compared: parameters.getAll('compare'),
  };
}

function readRange(parameters: URLSearchParams, grain: PeriodGrain): Address['range'] {
  const [from, to, last] = [parameters.get('from'), parameters.get('to'), parameters.get('last')];
  if (from !== null && to !== null && dateShape.test(from) && dateShape.test(to)) return { from, to };
  if (last === 'all') return 'all';
  const count = Number(last);
  return last !== null && Number.isInteger(count) && count > 0 && count < 10_000 ? count : defaultRange(grain);
}

/** Writes an address, leaving out what is as it would be anyway. */
export function writeAddress({ page, grain, range, platform, compared }: Address): string {
  const parameters = new URLSearchParams();
  if (grain !== 'DAILY') parameters.set('grain', grain);
  if (typeof range === 'object') {
    parameters.set('from', range.from);
    parameters.set('to', range.to);
  } else if (range !== defaultRange(grain)) parameters.set('last', String(range));
  if (platform !== everybody) parameters.set('platform', platform);
  for (const name of compared) parameters.append('compare', name);
  const query = parameters.toString();
  return `/${page}${query === '' ? '' : `?${query}`}`;
}
