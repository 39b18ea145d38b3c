import fc from 'fast-check';
import { csvText, jsonText, tableText } from '../../../local/cli/answer-formats.ts';
import type { Answer, AnswerRow } from '../../../local/cli/ask-athena.ts';

function answer(columns: Record<string, string>, ...pages: AnswerRow[][]): Answer {
  return {
    columns: Object.entries(columns).map(([name, type]) => ({ name, type })),
    pages: (async function* () {
      yield* pages;
    })(),
  };
}

async function all(text: AsyncIterable<string>): Promise<string> {
  let whole = '';
  for await (const part of text) whole += part;
  return whole;
}

/** Reads CSV by RFC 4180, an unquoted empty field as null. */
function readCsv(text: string): (string | null)[][] {
  const rows: (string | null)[][] = [];
  let row: (string | null)[] = [];
  for (const [, quoted, plain = '', end] of text.matchAll(/(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\n)/g)) {
    row.push(quoted === undefined ? (plain === '' ? null : plain) : quoted.replaceAll('""', '"'));
    if (end === '\n') {
      rows.push(row);
      row = [];
    }
  }
  return rows;
}

describe('csv', () => {
  test('reads back as it was, over all pages', async () => {
    const cell = fc.option(fc.oneof(fc.string(), fc.constantFrom('a,b', '"', 'x\ny', '\r', ' ', '')), { nil: null });
    const page = fc.array(fc.tuple(cell, cell));
    await fc.assert(
      fc.asyncProperty(page, page, async (first, second) => {
        const text = await all(csvText(answer({ a: 'varchar', b: 'varchar' }, first, second)));
        expect(readCsv(text)).toEqual([['a', 'b'], ...first, ...second]);
      }),
    );
  });

  test('has nothing but a header and rows, and no quotes where none are needed', async () => {
    const row = ['2026-01-05', '2026-01-05 10:00:00.000', '12', '0.100000000', '4.005E-4', null, 'José'];
    const columns = { d: 'date', t: 'timestamp', n: 'bigint', c: 'decimal', a: 'double', e: 'varchar', s: 'varchar' };
    expect(await all(csvText(answer(columns, [row])))).toBe(
      'd,t,n,c,a,e,s\n2026-01-05,2026-01-05 10:00:00.000,12,0.100000000,4.005E-4,,José\n',
    );
  });
});

describe('json', () => {
  test('keeps every digit, and gives NaN as text', async () => {
    const columns = { n: 'bigint', c: 'decimal', a: 'double', b: 'boolean', s: 'varchar' };
    const text = await all(
      jsonText(
        answer(columns, [['9223372036854775807', '0.100000000', 'NaN', 'true', '1']], [[null, null, null, null, null]]),
      ),
    );
    expect(text).toBe(
      '[\n{"n":9223372036854775807,"c":0.100000000,"a":"NaN","b":true,"s":"1"},\n{"n":null,"c":null,"a":null,"b":null,"s":null}\n]\n',
    );
  });

  test('is an array when there are no rows', async () => {
    expect(await all(jsonText(answer({ n: 'bigint' }, [])))).toBe('[]\n');
  });
});

describe('the table', () => {
  test('puts numbers to the right and control characters into words', async () => {
    const text = await all(
      tableText(
        answer({ name: 'varchar', n: 'bigint' }, [
          ['a\u001b[2J', '5'],
          ['b', '1234'],
        ]),
      ),
    );
    expect(text).toBe('name           n\n----------  ----\na\\u001b[2J     5\nb           1234\n(2 rows)\n');
  });

  test('says how many rows a statement has written', async () => {
    expect(await all(tableText({ ...answer({}), rowsChanged: 1 }))).toBe('1 row changed\n');
  });
});
