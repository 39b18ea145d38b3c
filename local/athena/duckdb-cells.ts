import {
  DuckDBArrayType,
  DuckDBBlobValue,
  DuckDBDecimalType,
  DuckDBListType,
  DuckDBListValue,
  DuckDBMapType,
  DuckDBMapValue,
  DuckDBStructType,
  DuckDBStructValue,
  DuckDBTimestampTZValue,
  DuckDBTimestampValue,
  type DuckDBType,
  DuckDBTypeId,
  type DuckDBValue,
} from '@duckdb/node-api';
import type { EngineColumn } from './engine.ts';

type CellWriter = (value: DuckDBValue) => string;

/** Athena's name, precision and scale of a result column. */
export function athenaColumn(name: string, type: DuckDBType): EngineColumn {
  if (type instanceof DuckDBDecimalType) return { name, type: 'decimal', precision: type.width, scale: type.scale };
  if (type instanceof DuckDBListType || type instanceof DuckDBArrayType) {
    return { name, type: 'array', precision: 0, scale: 0 };
  }
  if (type instanceof DuckDBStructType) return { name, type: 'row', precision: 0, scale: 0 };
  if (type instanceof DuckDBMapType) return { name, type: 'map', precision: 0, scale: 0 };
  return { name, ...scalarOf(type.typeId), scale: 0 };
}

function scalarOf(typeId: DuckDBTypeId): { type: string; precision: number } {
  switch (typeId) {
    case DuckDBTypeId.BOOLEAN:
      return { type: 'boolean', precision: 0 };
    case DuckDBTypeId.TINYINT:
      return { type: 'tinyint', precision: 3 };
    case DuckDBTypeId.SMALLINT:
    case DuckDBTypeId.UTINYINT:
      return { type: 'smallint', precision: 5 };
    case DuckDBTypeId.INTEGER:
    case DuckDBTypeId.USMALLINT:
      return { type: 'integer', precision: 10 };
    // DuckDB sums bigints in 128 bits where Athena stays at 64 and fails beyond: the type Athena's readers expect is bigint.
    case DuckDBTypeId.BIGINT:
    case DuckDBTypeId.UINTEGER:
    case DuckDBTypeId.UBIGINT:
    case DuckDBTypeId.HUGEINT:
    case DuckDBTypeId.UHUGEINT:
      return { type: 'bigint', precision: 19 };
    case DuckDBTypeId.FLOAT:
      return { type: 'float', precision: 17 };
    case DuckDBTypeId.DOUBLE:
      return { type: 'double', precision: 17 };
    case DuckDBTypeId.DATE:
      return { type: 'date', precision: 0 };
    case DuckDBTypeId.TIME:
      return { type: 'time', precision: 3 };
    case DuckDBTypeId.TIMESTAMP:
    case DuckDBTypeId.TIMESTAMP_S:
    case DuckDBTypeId.TIMESTAMP_MS:
    case DuckDBTypeId.TIMESTAMP_NS:
      return { type: 'timestamp', precision: 3 };
    case DuckDBTypeId.TIMESTAMP_TZ:
      return { type: 'timestamp with time zone', precision: 3 };
    case DuckDBTypeId.BLOB:
      return { type: 'varbinary', precision: 1_073_741_824 };
    default:
      return { type: 'varchar', precision: 2_147_483_647 };
  }
}

/** A function that writes one value of a type as Athena writes it in a result. */
export function cellWriter(type: DuckDBType): CellWriter {
  if (type instanceof DuckDBListType) return listWriter(type.valueType);
  if (type instanceof DuckDBStructType) return structWriter(type);
  if (type instanceof DuckDBMapType) return mapWriter(type);
  switch (type.typeId) {
    case DuckDBTypeId.DOUBLE:
      return (value) => (typeof value === 'number' ? javaDouble(value) : String(value));
    case DuckDBTypeId.FLOAT:
      return (value) => (typeof value === 'number' ? javaDouble(shortestReal(value)) : String(value));
    case DuckDBTypeId.TIMESTAMP:
      return (value) => (value instanceof DuckDBTimestampValue ? instantText(value.micros) : String(value));
    case DuckDBTypeId.TIMESTAMP_TZ:
      return (value) => (value instanceof DuckDBTimestampTZValue ? `${instantText(value.micros)} UTC` : String(value));
    case DuckDBTypeId.BLOB:
      return (value) =>
        value instanceof DuckDBBlobValue
          ? Array.from(value.bytes, (byte) => byte.toString(16).padStart(2, '0')).join(' ')
          : String(value);
    default:
      return String;
  }
}

function nullable(writer: CellWriter): CellWriter {
  return (value) => (value === null ? 'null' : writer(value));
}

function listWriter(valueType: DuckDBType): CellWriter {
  const item = nullable(cellWriter(valueType));
  return (value) => (value instanceof DuckDBListValue ? `[${value.items.map(item).join(', ')}]` : String(value));
}

function structWriter(type: DuckDBStructType): CellWriter {
  const entries = type.entryNames.map((name, at) => {
    const entryType = type.entryTypes[at];
    return { name, write: nullable(entryType === undefined ? String : cellWriter(entryType)) };
  });
  return (value) => {
    if (!(value instanceof DuckDBStructValue)) return String(value);
    return `{${entries.map(({ name, write }) => `${name}=${write(value.entries[name] ?? null)}`).join(', ')}}`;
  };
}

function mapWriter(type: DuckDBMapType): CellWriter {
  const key = nullable(cellWriter(type.keyType));
  const item = nullable(cellWriter(type.valueType));
  return (value) => {
    if (!(value instanceof DuckDBMapValue)) return String(value);
    return `{${value.entries.map((entry) => `${key(entry.key)}=${item(entry.value)}`).join(', ')}}`;
  };
}

/** Athena writes instants with three decimals, always. */
function instantText(micros: bigint): string {
  const millis = Number(micros / 1000n) - (micros < 0n && micros % 1000n !== 0n ? 1 : 0);
  return new Date(millis).toISOString().replace('T', ' ').replace('Z', '');
}

/** The number of fewest digits that is the same real, of 32 bits: `0.1` for 0.10000000149011612. Nine digits always are. */
function shortestReal(value: number): number {
  for (let digits = 1; digits < 9; digits += 1) {
    const shorter = Number(value.toPrecision(digits));
    if (Math.fround(shorter) === value) return shorter;
  }
  return Number(value.toPrecision(9));
}

/** A double as Java prints it (`1.0`, `1.5E7`), which is what Athena's readers get; digits are the shortest that read back. */
export function javaDouble(value: number): string {
  if (!Number.isFinite(value)) return String(value);
  const size = Math.abs(value);
  if (value === 0) return Object.is(value, -0) ? '-0.0' : '0.0';
  if (size >= 1e-3 && size < 1e7) return Number.isInteger(value) ? `${value}.0` : String(value);
  const [digits = '0', exponent = '0'] = value.toExponential().split('e');
  return `${digits.includes('.') ? digits : `${digits}.0`}E${Number(exponent)}`;
}
