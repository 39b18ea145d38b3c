import type { Table } from '../catalogue/table.ts';
import type { Pipeline } from '../lake/pipeline.ts';
import { baseTables, derivedTables } from './targets.ts';

/** A table that an erasure concerns, as its proof sees it. */
export interface ProofTarget {
  readonly table: Table;
  /** Column that names a person. Default: none does. */
  readonly person?: string;
  /** Column of the row's instant. Default: it is made from others, and has none that counts. */
  readonly instant?: string;
  /** Whether records may arrive in it at any time. */
  readonly isSource: boolean;
}

/** A table whose rows name people, and say when they happened. */
export type BaseTarget = ProofTarget & Required<Pick<ProofTarget, 'person' | 'instant'>>;

/** Every table of a pipeline that an erasure concerns. */
export function proofTargets(pipeline: Pipeline): ProofTarget[] {
  const derived = derivedTables(pipeline).map((table) => {
    const person = table.columns.find(({ identifies }) => identifies?.kind === 'user')?.name;
    return { table, isSource: false, ...(person === undefined ? {} : { person }) };
  });
  return [...baseTargets(pipeline), ...derived];
}

/** Those that lose a person's rows. */
export function baseTargets(pipeline: Pipeline): BaseTarget[] {
  const sources = new Set(pipeline.sources.map(({ table }) => table.name));
  return baseTables(pipeline).map(({ table, person, instant }) => ({
    table,
    person: person.name,
    instant: instant.name,
    isSource: sources.has(table.name),
  }));
}
