import fc from 'fast-check';
import { partsOf } from '../../../core/dsr/proof-parts.ts';
import type { ManifestEntry } from '../../../core/iceberg/manifest.ts';

function file(rows: number): ManifestEntry {
  return {
    content: 'data',
    isTombstone: false,
    snapshot: undefined,
    sequence: 1,
    path: '',
    format: 'PARQUET',
    spec: 0,
    partition: {},
    rows,
    bytes: 1,
    lower: new Map(),
    upper: new Map(),
    deletesFrom: undefined,
  };
}

test('every file is in one part, in its order, and no part is more than a task reads unless one file is', () => {
  const sizes = fc.array(fc.integer({ min: 0, max: 100 }), { maxLength: 40 });
  fc.assert(
    fc.property(sizes, fc.integer({ min: 1, max: 80 }), fc.integer({ min: 0, max: 5 }), (rows, most, rowsPerFile) => {
      const files = rows.map(file);
      const parts = partsOf(files, { rows: most, rowsPerFile });
      const divided = parts.map(({ from, to }) => files.slice(from, to));
      expect(divided.flat()).toEqual(files);
      for (const part of divided) {
        const weight = part.reduce((sum, one) => sum + one.rows + rowsPerFile, 0);
        expect(part.length === 1 || (part.length > 1 && weight <= most)).toBe(true);
      }
    }),
  );
});

test('forty-five days of 50 million records are read in parts of minutes, not in one of hours', () => {
  const days = Array.from({ length: 45 }, () => Array.from({ length: 50 }, () => file(1_000_000))).flat();
  expect(partsOf(days).length).toBeGreaterThan(45);
  expect(Math.max(...partsOf(days).map(({ from, to }) => to - from))).toBeLessThan(50);
});
