import { identifyingColumns, isErasureTarget, type Table } from './table.ts';

/**
 * The table properties that Athena's DDL refuses, and that erasure and the sink need all the same. They are set in the
 * catalogue after the table is made.
 */
export function icebergProperties(table: Table): Record<string, string> {
  // Each commit leaves a metadata file; two old ones are enough for readers that are still at it.
  const base = {
    'write.metadata.delete-after-commit.enabled': 'true',
    'write.metadata.previous-versions-max': '2',
  };
  if (!isErasureTarget(table)) return base;
  return {
    ...base,
    // The commit after a rewrite merges manifests, and so drops entries of deleted files with the identifiers in their bounds.
    'commit.manifest.min-count-to-merge': '2',
    // A DELETE and the sink's appends do not conflict.
    'write.delete.isolation-level': 'snapshot',
    // No bounds of identifiers in manifests, from writers that heed it.
    ...Object.fromEntries(identifyingColumns(table).map(({ name }) => [boundsOf(name), withoutBounds])),
  };
}

const boundsOf = (column: string) => `write.metadata.metrics.column.${column}`;
const withoutBounds = 'none';

/** Whether a table's properties say of a column that it leads to somebody, as of any that a version of ours has declared so. */
export function isMarkedIdentifying(properties: Readonly<Record<string, string>>, column: string): boolean {
  return properties[boundsOf(column)] === withoutBounds;
}
