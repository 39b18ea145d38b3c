import { javaDouble } from './duckdb-cells.ts';
import type { EngineColumn } from './engine.ts';
import type { TrinoColumn, TrinoType, TrinoValue } from './trino-client.ts';

type CellWriter = (value: TrinoValue) => string;

const precisions = new Map([
  ['tinyint', 3],
  ['smallint', 5],
  ['integer', 10],
  ['bigint', 19],
  ['double', 17],
  ['float', 17],
  ['time', 3],
  ['timestamp', 3],
  ['timestamp with time zone', 3],
  ['varbinary', 1_073_741_824],
  ['varchar', 2_147_483_647],
]);

/** Athena's name, precision and scale of a result column. */
export function athenaColumn({ name, typeSignature }: TrinoColumn): EngineColumn {
  const type = typeSignature.rawType === 'real' ? 'float' : typeSignature.rawType;
  if (type !== 'decimal') return { name, type, precision: precisions.get(type) ?? 0, scale: 0 };
  const [precision = 0, scale = 0] = typeSignature.arguments.map(({ value }) => Number(value));
  return { name, type, precision, scale };
}

/** A function that writes one value of a type as Athena writes it in a result. */
export function cellWriter({ rawType, arguments: parts }: TrinoType): CellWriter {
  const inside = typesIn(parts).map(({ name, type }) => ({ name, write: nullable(cellWriter(type)) }));
  const writeAt = (at: number) => inside[at]?.write ?? String;
  switch (rawType) {
    case 'double':
    case 'real':
      return (value) =>
        /^[-\d]/.test(String(value)) && value !== '-Infinity' ? javaDouble(Number(value)) : String(value);
    case 'timestamp':
    case 'timestamp with time zone':
      return (value) => inMillis(String(value));
    case 'varbinary':
      return (value) => spacedHex(Buffer.from(String(value), 'base64'));
    case 'array':
      return (value) => (isList(value) ? `[${value.map(writeAt(0)).join(', ')}]` : String(value));
    case 'row':
      return (value) => {
        if (!isList(value)) return String(value);
        return `{${value.map((field, at) => `${inside[at]?.name}=${writeAt(at)(field)}`).join(', ')}}`;
      };
    case 'map':
      return (value) => {
        if (typeof value !== 'object' || value === null) return String(value);
        return `{${Object.entries(value)
          .map(([key, item]) => `${writeAt(0)(key)}=${writeAt(1)(item)}`)
          .join(', ')}}`;
      };
    default:
      return String;
  }
}

function typesIn(parts: TrinoType['arguments']): { name: string; type: TrinoType }[] {
  return parts.flatMap((part) => {
    if (part.kind === 'TYPE') return [{ name: '', type: part.value }];
    if (part.kind === 'NAMED_TYPE') return [{ name: part.value.fieldName?.name ?? '', type: part.value.typeSignature }];
    return [];
  });
}

function nullable(writer: CellWriter): CellWriter {
  return (value) => (value === null ? 'null' : writer(value));
}

function isList(value: TrinoValue): value is readonly TrinoValue[] {
  return Array.isArray(value);
}

/** Athena writes instants with three decimals, always. */
function inMillis(text: string): string {
  return text.replace(/(\d\d:\d\d:\d\d)(?:\.(\d+))?/, (_, time: string, fraction: string | undefined) => {
    return `${time}.${(fraction ?? '').slice(0, 3).padEnd(3, '0')}`;
  });
}

function spacedHex(bytes: Buffer): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join(' ');
}
