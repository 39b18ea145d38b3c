import { isUtf8 } from 'node:buffer';
import { maxRecordBytes } from '../../core/ingest/admit.ts';
import type { RejectionReason } from '../../core/ingest/rejection.ts';

/** A line's text without its line feed, or why it cannot be had. */
export type Line = string | { readonly reason: RejectionReason };

const LINE_FEED = 0x0a;

/**
 * Splits bytes into lines, a batch for every chunk that ends one. The lines do not depend on where the chunks are cut. A line longer
 * than `maxRecordBytes` is passed over without being held in memory. A byte order mark at the beginning belongs to no line.
 */
export async function* readLines(chunks: AsyncIterable<Buffer>): AsyncGenerator<Line[]> {
  let held: Buffer[] = [];
  let heldBytes = 0;
  let tooLong = false;
  let atStart = true;

  for await (const chunk of chunks) {
    const end = chunk.lastIndexOf(LINE_FEED) + 1;
    if (end > 0) {
      const start = tooLong ? chunk.indexOf(LINE_FEED) + 1 : 0;
      const lines: Line[] = tooLong ? [{ reason: 'too long' }] : [];
      held.push(chunk.subarray(start, end));
      if (start < end) splitBlock(held.length === 1 ? chunk.subarray(start, end) : Buffer.concat(held), lines);
      if (atStart) lines[0] = withoutByteOrderMark(lines[0]);
      atStart = false;
      held = [];
      heldBytes = 0;
      tooLong = false;
      yield lines;
    }
    if (end < chunk.length && !tooLong) {
      held.push(chunk.subarray(end));
      heldBytes += chunk.length - end;
      tooLong = heldBytes > maxRecordBytes;
      if (tooLong) held = [];
    }
  }

  if (tooLong) yield [{ reason: 'too long' }];
  else if (heldBytes > 0) {
    const last: Line[] = [];
    splitBlock(Buffer.concat([...held, Buffer.of(LINE_FEED)]), last);
    if (atStart) last[0] = withoutByteOrderMark(last[0]);
    yield last;
  }
}

/** Appends the lines of a block that ends with a line feed. Decoding all of it at once is several times faster than line by line. */
function splitBlock(block: Buffer, lines: Line[]): void {
  if (isUtf8(block)) {
    const text = block.toString('utf8');
    for (let from = 0; from < text.length; ) {
      const end = text.indexOf('\n', from);
      const line = text.slice(from, end);
      // UTF-8 needs at most three bytes for a unit of UTF-16, so few lines have to be measured.
      lines.push(
        line.length * 3 > maxRecordBytes && Buffer.byteLength(line) > maxRecordBytes ? { reason: 'too long' } : line,
      );
      from = end + 1;
    }
    return;
  }
  for (let from = 0; from < block.length; ) {
    const end = block.indexOf(LINE_FEED, from);
    const line = block.subarray(from, end);
    if (line.length > maxRecordBytes) lines.push({ reason: 'too long' });
    else lines.push(isUtf8(line) ? line.toString('utf8') : { reason: 'not Unicode' });
    from = end + 1;
  }
}

function withoutByteOrderMark(line: Line | undefined): Line {
  if (typeof line === 'string') return line.startsWith('\ufeff') ? line.slice(1) : line;
  return line ?? '';
}
