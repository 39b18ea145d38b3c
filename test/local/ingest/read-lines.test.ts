import fc from 'fast-check';
import { maxRecordBytes } from '../../../core/ingest/admit.ts';
import { type Line, readLines } from '../../../local/ingest/read-lines.ts';

async function* chunksOf(bytes: Buffer, sizes: readonly number[]): AsyncGenerator<Buffer> {
  let from = 0;
  for (let index = 0; from < bytes.length; index += 1) {
    const end = from + (sizes[index % sizes.length] ?? 1);
    yield bytes.subarray(from, end);
    from = end;
  }
}

async function linesOf(bytes: Buffer, ...sizes: number[]): Promise<Line[]> {
  return (await Array.fromAsync(readLines(chunksOf(bytes, sizes)))).flat();
}

test('the lines do not depend on where the chunks are cut', async () => {
  const piece = fc.oneof(
    fc.constantFrom('\n', '\r\n', '\ufeff', '{"a":1}', '모델', '😀').map((text) => Buffer.from(text)),
    fc.uint8Array({ maxLength: 4 }).map((bytes) => Buffer.from(bytes)),
  );
  await fc.assert(
    fc.asyncProperty(
      fc.array(piece),
      fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1 }),
      async (pieces, sizes) => {
        const bytes = Buffer.concat(pieces);
        expect(await linesOf(bytes, ...sizes)).toEqual(await linesOf(bytes, bytes.length + 1));
      },
    ),
    { numRuns: 500 },
  );
});

test('a last line needs no line feed, and a last line feed begins no line', async () => {
  expect(await linesOf(Buffer.from('a\nb'), 1)).toEqual(['a', 'b']);
  expect(await linesOf(Buffer.from('a\nb\n'), 1)).toEqual(['a', 'b']);
  expect(await linesOf(Buffer.from('\n\n'), 1)).toEqual(['', '']);
  expect(await linesOf(Buffer.alloc(0), 1)).toEqual([]);
});

test('a byte order mark at the beginning is passed over, one further on is kept', async () => {
  expect(await linesOf(Buffer.from('\ufeffa\n\ufeffb\n'), 2)).toEqual(['a', '\ufeffb']);
});

test('a line that is not UTF-8 does not spoil its neighbours', async () => {
  expect(await linesOf(Buffer.from('a\n\xff\nc\n', 'latin1'), 3)).toEqual(['a', { reason: 'not Unicode' }, 'c']);
});

test('a line of the largest size is read and one that is a byte longer is not, however they are cut', async () => {
  const largest = 'é'.repeat(maxRecordBytes / 2);
  const bytes = Buffer.from(`a\n${largest}\n${largest}x\nb\n${largest}xx`);
  for (const size of [65_536, 1_000_003, bytes.length]) {
    const lines = await linesOf(bytes, size);
    expect(lines.map((line) => (typeof line === 'string' ? line.length : line.reason))).toEqual([
      1,
      maxRecordBytes / 2,
      'too long',
      1,
      'too long',
    ]);
  }
});
