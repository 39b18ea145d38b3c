import { addDays, dateOf } from '../window.ts';
import type { ManifestEntry } from './manifest.ts';
import type { TableMetadata } from './metadata.ts';

const dayMillis = 86_400_000;

/** The days whose rows a file may hold, as its partition says; undefined where the partition says nothing of days. */
export function daysOf(entry: ManifestEntry, { specs }: TableMetadata, eventTime: string): string[] | undefined {
  const field = specs.get(entry.spec)?.find(({ column }) => column === eventTime);
  const value = field === undefined ? undefined : entry.partition[field.name];
  if (field === undefined || (typeof value !== 'number' && typeof value !== 'bigint')) return undefined;
  switch (field.transform) {
    // Days since 1970 both; only a date is ever taken as it is.
    case 'identity':
    case 'day':
      return [dateOf(Number(value) * dayMillis)];
    case 'hour':
      return [dateOf(Math.floor(Number(value) / 24) * dayMillis)];
    case 'month':
      return daysOfMonth(Number(value));
    default:
      return undefined;
  }
}

/** @param month months since January 1970. */
function daysOfMonth(month: number): string[] {
  const days: string[] = [];
  const last = dateOf(Date.UTC(1970, month + 1, 1));
  for (let day = dateOf(Date.UTC(1970, month, 1)); day < last; day = addDays(day, 1)) days.push(day);
  return days;
}
