import type { Answer, AnswerColumn, AnswerRow } from './ask-athena.ts';
import { countOf } from './figures.ts';

/** How an answer is written, by name; each gives pieces of text as the rows come. */
export const answerFormats = { table: tableText, csv: csvText, json: jsonText } as const;

export type AnswerFormat = keyof typeof answerFormats;

/** Whether a word names a format. */
export function isAnswerFormat(word: string): word is AnswerFormat {
  return Object.hasOwn(answerFormats, word);
}

/** RFC 4180 with line feeds: a header, quotes only where needed, NULL as nothing and an empty string as `""`. */
export async function* csvText({ columns, pages }: Answer): AsyncGenerator<string> {
  if (columns.length === 0) return;
  yield csvLine(columns.map(({ name }) => name));
  for await (const rows of pages) yield rows.map(csvLine).join('');
}

function csvLine(cells: AnswerRow): string {
  return `${cells.map(csvCell).join(',')}\n`;
}

function csvCell(cell: string | null): string {
  if (cell === null) return '';
  return cell === '' || /[",\r\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell;
}

/** One array of objects, a line each. Numbers are JSON numbers with all their digits, NULL is null, the rest strings. */
export async function* jsonText({ columns, pages, rowsChanged }: Answer): AsyncGenerator<string> {
  if (rowsChanged !== undefined) {
    yield `${JSON.stringify({ rowsChanged })}\n`;
    return;
  }
  let separator = '[\n';
  for await (const rows of pages) {
    for (const row of rows) {
      yield `${separator}${jsonRow(columns, row)}`;
      separator = ',\n';
    }
  }
  yield separator === '[\n' ? '[]\n' : '\n]\n';
}

function jsonRow(columns: readonly AnswerColumn[], row: AnswerRow): string {
  return `{${columns.map(({ name, type }, at) => `${JSON.stringify(name)}:${jsonCell(type, row[at] ?? null)}`).join(',')}}`;
}

function jsonCell(type: string, cell: string | null): string {
  if (cell === null) return 'null';
  // NaN and Infinity are doubles too, and no JSON numbers.
  if (isNumeric(type) && /^-?\d+(\.\d+)?(E-?\d+)?$/.test(cell)) return cell;
  if (type === 'boolean') return cell;
  return JSON.stringify(cell);
}

function isNumeric(type: string): boolean {
  return ['tinyint', 'smallint', 'integer', 'bigint', 'float', 'double', 'decimal'].includes(type);
}

/** Columns side by side, numbers to the right; their widths are those of the first page, so that memory stays that of a page. */
export async function* tableText({ columns, pages, rowsChanged }: Answer): AsyncGenerator<string> {
  if (rowsChanged !== undefined) {
    yield `${countOf(rowsChanged, 'row')} changed\n`;
    return;
  }
  let widths: number[] | undefined;
  let count = 0;
  for await (const rows of pages) {
    if (widths === undefined) {
      widths = columns.map(({ name }, at) => Math.max(name.length, ...rows.map((row) => shown(row[at]).length)));
      if (columns.length > 0) yield tableHead(columns, widths);
    }
    for (const row of rows) yield tableLine(columns, widths, row.map(shown));
    count += rows.length;
  }
  if (columns.length > 0) yield `(${countOf(count, 'row')})\n`;
}

function tableHead(columns: readonly AnswerColumn[], widths: readonly number[]): string {
  const names = columns.map(({ name }) => name);
  return `${tableLine(columns, widths, names)}${widths.map((width) => '-'.repeat(width)).join('  ')}\n`;
}

function tableLine(columns: readonly AnswerColumn[], widths: readonly number[], cells: readonly string[]): string {
  const padded = columns.map(({ type }, at) => {
    const cell = cells[at] ?? '';
    return isNumeric(type) ? cell.padStart(widths[at] ?? 0) : cell.padEnd(widths[at] ?? 0);
  });
  return `${padded.join('  ').trimEnd()}\n`;
}

// A line break or an escape sequence inside a cell would break the table, or drive the terminal.
function shown(cell: string | null | undefined): string {
  return cell === null || cell === undefined ? '' : cell.replaceAll(/\p{Cc}/gu, escaped);
}

function escaped(character: string): string {
  if (character === '\n') return '\\n';
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
}
