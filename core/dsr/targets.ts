import { type Column, columnOf, isErasureTarget, type Table } from '../catalogue/table.ts';
import { DeclarationError } from '../errors.ts';
import type { Pipeline } from '../lake/pipeline.ts';
import { type SqlValue, sqlText } from '../sql/value.ts';
import type { Window } from '../window.ts';
import { type EarliestScopeEnd, scopeCondition } from './scope.ts';

/** A table whose rows go with a person: the column that names the person, and the one that says when. */
export interface BaseTable {
  readonly table: Table;
  readonly person: Column;
  readonly instant: Column;
}

/** The tables that lose a person's rows, sources before what is made from them: what their declarations say, and no list besides. */
export function baseTables(pipeline: Pipeline): BaseTable[] {
  return pipeline.tables.flatMap((table) => {
    const person = table.columns.find(
      ({ identifies }) => identifies?.kind === 'user' && identifies.onErasure === 'delete row',
    );
    return person === undefined ? [] : [{ table, person, instant: instantOf(table) }];
  });
}

/** The tables that are made again from those that lost rows. */
export function derivedTables(pipeline: Pipeline): Table[] {
  const base = new Set(baseTables(pipeline).map(({ table }) => table.name));
  return pipeline.tables.filter((table) => isErasureTarget(table) && !base.has(table.name));
}

/** Every table that is looked at for a proof, sources before what is made from them, and gold last. */
export function tablesToProve(pipeline: Pipeline): string[] {
  const gold = pipeline.tables.filter(({ layer }) => layer === 'gold');
  const base = baseTables(pipeline).map(({ table }) => table);
  return [...base, ...derivedTables(pipeline), ...gold].map(({ name }) => name);
}

function instantOf(table: Table): Column {
  const eventTime = columnOf(table, table.eventTime);
  const instants =
    eventTime.type === 'timestamp' ? [eventTime] : table.columns.filter(({ type }) => type === 'timestamp');
  const [instant] = instants;
  if (instant === undefined || instants.length > 1) {
    throw new DeclarationError(
      `${table.name} has ${instants.length} timestamps: an erasure cannot tell which rows are in scope.`,
    );
  }
  return instant;
}

/** What an erasure's statement is for, besides its table. */
export interface ErasureStatement {
  readonly batch: string;
  readonly window: Window;
  readonly earliestScopeEnd: EarliestScopeEnd;
  /** Whether the engine can say which file a row lies in. Default: it cannot. */
  readonly namesFiles?: boolean;
}

/** What an erasure's statement on one table may ask for besides the table and its window. */
export function erasureParameters(
  pipeline: Pipeline,
  table: Table,
  { batch, window, earliestScopeEnd, namesFiles = false }: ErasureStatement,
): Record<string, SqlValue> {
  const day = {
    event_day: { type: 'expression', value: `cast("${table.eventTime}" as date)` },
    file: { type: 'expression', value: namesFiles ? '"$path"' : 'cast(null as varchar)' },
  } as const;
  const base = baseTables(pipeline).find((candidate) => candidate.table.name === table.name);
  if (base === undefined) return day;
  return {
    ...day,
    batch: { type: 'text', value: batch },
    person: { type: 'identifier', value: base.person.name },
    in_time: { type: 'expression', value: scopeCondition(base, window, earliestScopeEnd) },
  };
}

/**
 * For each table that loses rows, the condition under which a build may take a row of it, named `keep_<table>`: always
 * while no batch is open, else unless the row is in the scope of one.
 */
export function keepParameters(pipeline: Pipeline, openBatches: readonly string[]): Record<string, SqlValue> {
  const conditions = baseTables(pipeline).map(({ table, person, instant }): [string, SqlValue] => [
    `keep_${table.name}`,
    { type: 'expression', value: keepCondition(person.name, instant.name, openBatches) },
  ]);
  return Object.fromEntries(conditions);
}

function keepCondition(person: string, instant: string, openBatches: readonly string[]): string {
  if (openBatches.length === 0) return 'true';
  const batches = sqlText({ type: 'texts', value: openBatches });
  return `not exists (select 1 from dsr_subjects where dsr_subjects.batch in (${batches}) and dsr_subjects.subject = "${person}" and "${instant}" <= dsr_subjects.scope_ends)`;
}
