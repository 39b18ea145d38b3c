import { z } from 'zod';

/** Counts by the key of a check (`icebergChecks`): what was found that should not be there, and how much was looked at. */
const checksShape = z.record(z.string(), z.object({ found: z.number(), looked: z.number() }));

export const tableLookShape = z.object({
  checks: checksShape,
  /** Rows in scope that have come since the rewrite: the late sweep's. */
  late: z.number(),
  /** Whether rows in scope had been counted, and no file was condemned for them: there was nothing to look for. */
  noneCondemned: z.boolean(),
});

/** What looking at a table has come to, or at a part of its files. It holds counts alone, so that it may pass through workflows. */
export type TableLook = z.infer<typeof tableLookShape>;

/** The looks at all parts of a table as one. */
export function joinLooks(looks: readonly TableLook[]): TableLook {
  const checks: TableLook['checks'] = {};
  for (const [check, { found, looked }] of looks.flatMap((look) => Object.entries(look.checks))) {
    const before = checks[check];
    checks[check] = { found: found + (before?.found ?? 0), looked: looked + (before?.looked ?? 0) };
  }
  return {
    checks,
    late: looks.reduce((sum, { late }) => sum + late, 0),
    noneCondemned: looks.some(({ noneCondemned }) => noneCondemned),
  };
}
