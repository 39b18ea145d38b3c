import { DuckDBInstance } from '@duckdb/node-api';
import type { Table } from '../../core/catalogue/table.ts';

/** Whether each column of a relation carries identifiers on, by name. */
type Relation = ReadonlyMap<string, boolean>;
type Scope = ReadonlyMap<string, Relation>;
type Node = { readonly [key: string]: unknown };

/** Aggregates whose result says how many, and never who. */
const counting = new Set(['count', 'count_star']);

const isNode = (value: unknown): value is Node => typeof value === 'object' && value !== null && !Array.isArray(value);
const nodes = (value: unknown): Node[] => (Array.isArray(value) ? value.filter(isNode) : []);
const text = (value: unknown): string => (typeof value === 'string' ? value : '');
const node = (value: unknown): Node => (isNode(value) ? value : {});

/**
 * The output columns of a select that carry identifiers of people, rooms or messages on: those that reach an
 * identifying column of a table, through whatever subqueries, without a count in between. Read off DuckDB's parse tree.
 */
export async function identifyingOutputs(select: string, tables: readonly Table[]): Promise<string[]> {
  const instance = await DuckDBInstance.create(':memory:');
  const connection = await instance.connect();
  try {
    const reader = await connection.runAndReadAll(
      'select json_serialize_sql(cast($1 as varchar), skip_null := true, skip_empty := true, skip_default := true)',
      [select],
    );
    const tree = node(JSON.parse(text(reader.getRows()[0]?.[0])));
    if (tree.error !== undefined && tree.error !== false) throw new Error(`not a select: ${text(tree.error_message)}`);
    const catalogue: Scope = new Map(
      tables.map((table) => [
        table.name,
        new Map(table.columns.map((column) => [column.name, 'identifies' in column])),
      ]),
    );
    const [statement] = nodes(tree.statements);
    const output = relationOf(node(statement?.node), catalogue);
    return [...output].filter(([, identifies]) => identifies).map(([name]) => name);
  } finally {
    connection.disconnectSync();
    instance.closeSync();
  }
}

function relationOf(query: Node, outer: Scope): Relation {
  const scope = new Map(outer);
  for (const entry of nodes(node(query.cte_map).map)) {
    const value = node(entry.value);
    const relation = relationOf(node(node(value.query).node), scope);
    scope.set(text(entry.key), renamed(relation, value.aliases));
  }
  if (query.type === 'SET_OPERATION_NODE') {
    const left = [...relationOf(node(query.left), scope)];
    const right = [...relationOf(node(query.right), scope).values()];
    return new Map(left.map(([name, identifies], index) => [name, identifies || right[index] === true]));
  }
  if (query.type !== 'SELECT_NODE') throw new Error(`unknown kind of query: ${text(query.type)}`);
  const from = sourcesOf(node(query.from_table), scope);
  const outputs: [string, boolean][] = [];
  for (const [index, expression] of nodes(query.select_list).entries()) {
    if (expression.class === 'STAR') {
      for (const [alias, relation] of from) {
        if (expression.relation_name === undefined || expression.relation_name === alias) outputs.push(...relation);
      }
      continue;
    }
    const name =
      text(expression.alias) || text(Array.isArray(expression.column_names) ? expression.column_names.at(-1) : '');
    outputs.push([name === '' ? `column ${index + 1}` : name, identifies(expression, from, scope)]);
  }
  return new Map(outputs);
}

function renamed(relation: Relation, aliases: unknown): Relation {
  if (!Array.isArray(aliases)) return relation;
  return new Map([...relation].map(([name, identifying], index) => [text(aliases[index]) || name, identifying]));
}

/** The relations that a FROM clause brings in, by the name they go under. */
function sourcesOf(from: Node, scope: Scope): Map<string, Relation> {
  switch (from.type) {
    case undefined:
    case 'EMPTY':
      return new Map();
    case 'BASE_TABLE': {
      const relation = scope.get(text(from.table_name));
      if (relation === undefined) throw new Error(`unknown table ${text(from.table_name)}`);
      return new Map([[text(from.alias) || text(from.table_name), renamed(relation, from.column_name_alias)]]);
    }
    case 'SUBQUERY':
      return new Map([
        [text(from.alias), renamed(relationOf(node(node(from.subquery).node), scope), from.column_name_alias)],
      ]);
    case 'JOIN':
      return new Map([...sourcesOf(node(from.left), scope), ...sourcesOf(node(from.right), scope)]);
    // What is taken out of lists beside it may be anything that they hold.
    case 'TABLE_FUNCTION': {
      const names = Array.isArray(from.column_name_alias) ? from.column_name_alias.map(text) : [];
      return new Map([[text(from.alias), new Map(names.map((name) => [name, true]))]]);
    }
    case 'EXPRESSION_LIST': {
      const [first] = Array.isArray(from.values) ? from.values : [];
      return new Map([['values', new Map(nodes(first).map((_, index) => [`column ${index + 1}`, false]))]]);
    }
    default:
      throw new Error(`unknown kind of source: ${text(from.type)}`);
  }
}

/** Whether an expression carries an identifier on. */
function identifies(value: unknown, from: ReadonlyMap<string, Relation>, scope: Scope): boolean {
  if (Array.isArray(value)) return value.some((item) => identifies(item, from, scope));
  if (!isNode(value)) return false;
  if (value.class === 'FUNCTION' && counting.has(text(value.function_name))) return false;
  if (value.class === 'COLUMN_REF') {
    const names = Array.isArray(value.column_names) ? value.column_names.map(text) : [];
    const column = names.at(-1) ?? '';
    const relations = names.length > 1 ? [from.get(names.at(-2) ?? '')] : [...from.values()];
    const found = relations.find((relation) => relation?.has(column));
    if (found === undefined) throw new Error(`unknown column ${names.join('.')}`);
    return found.get(column) === true;
  }
  return Object.values(value).some((child) => identifies(child, from, scope));
}
