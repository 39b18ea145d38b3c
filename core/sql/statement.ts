import { DeclarationError } from '../errors.ts';
import { type SqlValue, sqlText } from './value.ts';

/** One file of `sql/`, taken apart: what its header says, and the statement without it. */
export interface StatementFile {
  /** Path below `sql/` without the ending, for example `area/table`. */
  readonly name: string;
  readonly sentence: string;
  readonly grain: string;
  /** Names of the placeholders, in the order of the header. */
  readonly params: readonly { readonly name: string; readonly type: string }[];
  readonly body: string;
}

/**
 * Takes a statement's file apart. The header is comment lines: a sentence, `grain:` and `params:`; everything after is
 * one statement without comments, since Athena's DDL rejects them.
 *
 * @throws DeclarationError when the header is incomplete, or its params are not exactly the placeholders of the body.
 */
export function parseStatement(name: string, text: string): StatementFile {
  const lines = text.split('\n');
  const end = lines.findIndex((line) => !line.startsWith('--'));
  const header = lines.slice(0, end).map((line) => line.slice(2).trim());
  const body = lines.slice(end).join('\n').trim();
  const field = (key: string) =>
    header
      .find((line) => line.startsWith(`${key}:`))
      ?.slice(key.length + 1)
      .trim();
  const sentence = header.filter((line) => !/^(grain|params):/.test(line)).join(' ');
  const grain = field('grain');
  const paramLine = field('params');
  if (sentence === '' || grain === undefined || paramLine === undefined) {
    throw new DeclarationError(`sql/${name}.sql needs a header of a sentence, "grain:" and "params:".`);
  }
  if (body.includes('--') || body.includes('/*') || body.endsWith(';')) {
    throw new DeclarationError(`sql/${name}.sql has a comment or a semicolon in its statement.`);
  }
  const params = paramLine === 'none' ? [] : paramLine.split(',').map((pair) => parseParam(name, pair));
  const declared = params.map((param) => param.name).sort();
  const used = [...new Set(Array.from(body.matchAll(/\{\{(\w+)\}\}/g), (match) => match[1] ?? ''))].sort();
  if (declared.join() !== used.join()) {
    throw new DeclarationError(
      `sql/${name}.sql declares the params ${declared.join(', ')} and uses ${used.join(', ')}.`,
    );
  }
  return { name, sentence, grain, params, body };
}

function parseParam(statement: string, pair: string): { name: string; type: string } {
  const [name, type, ...rest] = pair.trim().split(' ');
  if (name === undefined || type === undefined || rest.length > 0) {
    throw new DeclarationError(`sql/${statement}.sql: "${pair.trim()}" is not a param; write it as "name type".`);
  }
  return { name, type };
}

/**
 * The statement with its placeholders filled in. OPTIMIZE and VACUUM get their names bare: Athena takes no double quotes
 * there (its page on VACUUM says so; dbt-athena 154 and 191 of OPTIMIZE too), and all names are plain.
 *
 * @throws DeclarationError when a value is missing or is of another type than the header says.
 */
export function fillIn(statement: StatementFile, values: Readonly<Record<string, SqlValue>>): string {
  for (const { name, type } of statement.params) {
    const value = values[name];
    if (value === undefined) throw new DeclarationError(`sql/${statement.name}.sql: no value for "${name}".`);
    if (value.type !== type) {
      throw new DeclarationError(`sql/${statement.name}.sql: "${name}" is declared ${type} and given ${value.type}.`);
    }
  }
  const text = statement.body.replaceAll(/\{\{(\w+)\}\}/g, (_, name: string) => {
    const value = values[name];
    return value === undefined ? '' : sqlText(value);
  });
  return /^(?:optimize|vacuum)\s/i.test(text) ? text.replaceAll('"', '') : text;
}
