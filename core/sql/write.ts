import type { Table } from '../catalogue/table.ts';

/**
 * How a step's rows get into its table. `rebuild`: afterwards the rows of the scope are exactly the step's rows.
 * `append once`: rows whose key is not there yet are added, nothing else changes.
 */
export type WriteMode = 'rebuild' | 'append once';

/** Which columns of a table a step changes, in rows that are there. */
export interface ColumnChange {
  readonly columns: readonly string[];
  /** What tells which rows get a value, beside the event time: several rows may share it. Default: the grain. */
  readonly by?: readonly string[];
}

/**
 * One MERGE that gives rows of the scope the select's values in a few columns. Nothing is added or taken away, and rows
 * that the select leaves out stay as they are; beside what tells rows apart it has to name those columns alone.
 */
export function updateColumns(
  table: Table,
  { columns, by = table.grain }: ColumnChange,
  select: string,
  scope: (alias?: string) => string,
): string {
  const key = withEventTime(table, by);
  const list = [...key, ...columns].map((name) => `"${name}"`).join(', ');
  const differs = columns.map((name) => `t."${name}" is distinct from s."${name}"`).join(' or ');
  return [
    `merge into "${table.name}" t using (select ${list} from (`,
    select,
    `) rows_of_window) s on ${matchOn(key, 't', 's')} and ${scope('t')}`,
    `when matched and (${differs}) then update set ${columns.map((name) => `"${name}" = s."${name}"`).join(', ')}`,
  ].join('\n');
}

/** The event time is matched too: it keeps a join inside the scope's partitions. */
function withEventTime({ eventTime }: Table, columns: readonly string[]): string[] {
  return [...new Set([...columns, eventTime])];
}

function matchOn(key: readonly string[], left: string, right: string): string {
  return key.map((name) => `${left}."${name}" = ${right}."${name}"`).join(' and ');
}

/**
 * One MERGE that brings a select's rows into a table. It is idempotent: what is there already is left alone, so that
 * a second run commits nothing. One statement is one commit, so no reader ever sees a half-built window.
 *
 * @param scope the rows of the table (unqualified columns) that the select describes in full.
 */
export function mergeInto(table: Table, mode: WriteMode, select: string, scope: (alias?: string) => string): string {
  const names = table.columns.map((column) => column.name);
  const key = withEventTime(table, table.grain);
  const rest = names.filter((name) => !key.includes(name));
  const list = (of: readonly string[], alias: string) => of.map((name) => `${alias}."${name}"`).join(', ');
  const matches = (left: string, right: string) => matchOn(key, left, right);
  const plain = names.map((name) => `"${name}"`).join(', ');
  const insert = `when not matched then insert (${plain}) values (${list(names, 's')})`;
  if (mode === 'append once') {
    return [
      `merge into "${table.name}" t using (`,
      `select ${plain} from (`,
      select,
      `) n where not exists (select 1 from "${table.name}" o where ${matches('o', 'n')} and ${scope('o')})`,
      `) s on ${matches('t', 's')} and ${scope('t')}`,
      insert,
    ].join('\n');
  }
  const [marker] = key;
  const either = key.map((name) => `coalesce(n."${name}", o."${name}") as "${name}"`);
  const values = rest.map((name) => `n."${name}" as "${name}"`);
  const differs = rest.map((name) => `n."${name}" is distinct from o."${name}"`);
  return [
    `merge into "${table.name}" t using (`,
    `select ${[...either, ...values].join(', ')}, case when n."${marker}" is null then 'delete' else 'write' end as op`,
    `from (select ${plain} from (`,
    select,
    `) rows_of_window) n full outer join (select ${plain} from "${table.name}" where ${scope()}) o on ${matches('n', 'o')}`,
    `where ${[`n."${marker}" is null`, `o."${marker}" is null`, ...differs].join(' or ')}`,
    `) s on ${matches('t', 's')} and ${scope('t')}`,
    "when matched and s.op = 'delete' then delete",
    ...(rest.length === 0
      ? []
      : [`when matched then update set ${rest.map((name) => `"${name}" = s."${name}"`).join(', ')}`]),
    insert,
  ].join('\n');
}
