import { EngineError } from './engine.ts';

/** A type as Trino spells it, in the spelling of Athena's catalogue: `array(varchar)` is `array<string>`. */
export function hiveTypeOf(trino: string): string {
  const [, name = trino, inside] = /^([a-z ]+?)(?:\((.*)\))?( with time zone)?$/s.exec(trino) ?? [];
  const parts = inside === undefined ? [] : splitOutside(inside);
  switch (name) {
    case 'varchar':
    case 'char':
      return 'string';
    case 'integer':
      return 'int';
    case 'real':
      return 'float';
    case 'varbinary':
      return 'binary';
    case 'decimal':
      return `decimal(${parts.join(',')})`;
    case 'array':
    case 'map':
      return `${name}<${parts.map(hiveTypeOf).join(',')}>`;
    case 'row':
      return `struct<${parts.map(fieldOf).join(',')}>`;
    default:
      return name;
  }
}

function fieldOf(part: string): string {
  const [, quoted, plain, type = ''] = /^(?:"((?:[^"]|"")*)"|(\S+)) (.+)$/s.exec(part) ?? [];
  return `${quoted ?? plain ?? ''}:${hiveTypeOf(type)}`;
}

/** The parts of a list between commas that no bracket encloses. */
function splitOutside(list: string): string[] {
  const parts: string[] = [];
  let depth = 0;
  let start = 0;
  for (let at = 0; at < list.length; at += 1) {
    const letter = list.charAt(at);
    if (letter === '(') depth += 1;
    if (letter === ')') depth -= 1;
    if (letter !== ',' || depth > 0) continue;
    parts.push(list.slice(start, at).trim());
    start = at + 1;
  }
  return [...parts, list.slice(start).trim()];
}

/** A column type as the reader of Athena's DDL spells it (which is DuckDB's spelling), in Trino's. Iceberg's timestamps have microseconds. */
export function trinoTypeOf(read: string): string {
  if (read === 'timestamp') return 'timestamp(6)';
  if (read === 'blob') return 'varbinary';
  if (read === 'float') return 'real';
  if (read.endsWith('[]')) return `array(${trinoTypeOf(read.slice(0, -2))})`;
  if (/^(struct|map)\(/.test(read)) {
    throw new EngineError('NOT_SUPPORTED', 'columns of type struct and map are made by CREATE TABLE AS only');
  }
  return read;
}
