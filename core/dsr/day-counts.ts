import { z } from 'zod';
import { addDays, type Window } from '../window.ts';
import type { DayCount } from './request-store.ts';

const rowShape = z.object({
  day: z.iso.date(),
  file: z.string().nullish(),
  all_rows: z.coerce.number(),
  subject_rows: z.coerce.number(),
});

/** Counts by day from a counting statement's rows; a day may have several. */
export function dayCounts(rows: readonly unknown[]): Record<string, DayCount> {
  const days: Record<string, DayCount> = {};
  for (const row of rows) {
    const { day, all_rows, subject_rows } = rowShape.parse(row);
    const { all, subjects } = days[day] ?? { all: 0, subjects: 0 };
    days[day] = { all: all + all_rows, subjects: subjects + subject_rows };
  }
  return days;
}

/** The files that a counting statement's rows name, each once. */
export function filesCounted(rows: readonly unknown[]): string[] {
  return [...new Set(rows.flatMap((row) => rowShape.parse(row).file ?? []))];
}

/** Most partitions that one OPTIMIZE may rewrite. Source: Athena's OPTIMIZE, "up to 100 partitions". */
const mostDays = 100;

/** Days joined into windows: neighbours together, gaps kept apart, at most a hundred days each. */
export function windowsOfDays(days: readonly string[]): Window[] {
  const windows: Window[] = [];
  let count = 0;
  for (const day of [...new Set(days)].sort()) {
    const last = windows.at(-1);
    if (last?.to === day && count < mostDays) {
      windows[windows.length - 1] = { ...last, to: addDays(day, 1) };
      count += 1;
    } else {
      windows.push({ grain: 'day', from: day, to: addDays(day, 1) });
      count = 1;
    }
  }
  return windows;
}
