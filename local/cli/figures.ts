const whole = new Intl.NumberFormat('en-US');

/** A count with its thousands apart: `1,234`. */
export function countText(count: number | bigint): string {
  return whole.format(count);
}

/** A count with its noun: `1 day`, `2 days`. */
export function countOf(count: number, noun: string): string {
  return `${countText(count)} ${noun}${count === 1 ? '' : 's'}`;
}

/** Bytes in the unit that leaves at most four digits: `812 B`, `3.4 MB`. */
export function bytesText(bytes: number): string {
  const units = ['B', 'kB', 'MB', 'GB', 'TB'];
  let value = bytes;
  let unit = 0;
  while (value >= 1000 && unit < units.length - 1) {
    value /= 1000;
    unit += 1;
  }
  return `${unit === 0 || value >= 100 ? Math.round(value) : value.toFixed(1)} ${units[unit] ?? ''}`;
}

/** A length of time in milliseconds as a person says it: `0.4 s`, `12 s`, `3 min 5 s`, `2 h 10 min`. */
export function durationText(millis: number): string {
  if (millis < 10_000) return `${(millis / 1000).toFixed(1)} s`;
  const seconds = Math.round(millis / 1000);
  if (seconds < 60) return `${seconds} s`;
  if (seconds < 3600) return `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
  return `${Math.floor(seconds / 3600)} h ${Math.floor((seconds % 3600) / 60)} min`;
}

/** The rest of a work in milliseconds, judged by what is done; undefined while that says nothing yet. */
export function timeLeft(done: number, all: number, elapsedMillis: number): number | undefined {
  if (done <= 0 || elapsedMillis < 500 || done > all) return undefined;
  return (elapsedMillis / done) * (all - done);
}

/** Rows of cells as lines, columns aligned: numbers to the right, the rest to the left. */
export function alignedLines(rows: readonly (readonly string[])[], rightFrom: number): string[] {
  const widths: number[] = [];
  for (const row of rows) {
    for (const [at, cell] of row.entries()) widths[at] = Math.max(widths[at] ?? 0, cell.length);
  }
  return rows.map((row) =>
    row
      .map((cell, at) => (at >= rightFrom ? cell.padStart(widths[at] ?? 0) : cell.padEnd(widths[at] ?? 0)))
      .join('  ')
      .trimEnd(),
  );
}

/** So many people, in words: "1 person", "1,204 people". */
export function peopleText(count: number): string {
  return count === 1 ? '1 person' : `${countText(count)} people`;
}
