/** What the proof of an erasure on Iceberg looks at, as evidence names it. Evidence is kept for years: names stay. */
export const icebergChecks = {
  objects: 'no condemned object is left',
  snapshots: 'no snapshot reaches back before the rewrite',
  strays: 'no stray object is left',
  deletes: 'no live file has a delete left',
  entries: 'no manifest names a condemned file',
  tombstones: 'no tombstone is left in a manifest',
  rows: 'no live file holds a row in scope',
  derived: 'no derived row outlives its source',
  gold: 'gold has no identifying column',
} as const;

/** What the proof in a home looks at. */
export const homeChecks = {
  derived: icebergChecks.derived,
  blocks: 'no deleted row is left in a block',
  bytes: 'no file holds an identifier',
} as const;

const places = [icebergChecks, homeChecks].map((checks): readonly string[] => Object.values(checks));

/** The checks that a proof lacks, of those of the place where it seems to have been made. */
export function missingChecks(proof: readonly { readonly check: string }[]): readonly string[] {
  const made = new Set(proof.map(({ check }) => check));
  const missing = places.map((checks) => checks.filter((check) => !made.has(check)));
  return missing.reduce((fewest, other) => (other.length < fewest.length ? other : fewest));
}
