import { createWriteStream } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { demoDays } from '../local/demo/generate.ts';

/** The files of one day of delivery, and how many records they hold. */
export interface DayFiles {
  readonly date: string;
  readonly chat: string;
  readonly tool: string;
  readonly records: number;
}

export interface WriteDaysProps {
  readonly directory: string;
  /** Last day of delivery, `YYYY-MM-DD`. */
  readonly endsOn: string;
  readonly days: number;
  /** Chat messages of all days together, met within a few per cent. */
  readonly messages: number;
}

/** Writes the demonstration's records as NDJSON, two files a day. */
export async function writeDays({ directory, ...demo }: WriteDaysProps): Promise<DayFiles[]> {
  await mkdir(directory, { recursive: true });
  const written: DayFiles[] = [];
  for (const day of demoDays(demo)) {
    const chat = join(directory, `${day.date}-chat.ndjson`);
    const tool = join(directory, `${day.date}-tool.ndjson`);
    const records = (await writeLines(chat, day.chat)) + (await writeLines(tool, day.tool));
    written.push({ date: day.date, chat, tool, records });
  }
  return written;
}

async function writeLines(path: string, lines: Iterable<string>): Promise<number> {
  let count = 0;
  function* blocks() {
    let block = '';
    for (const line of lines) {
      count += 1;
      block += `${line}\n`;
      if (block.length < 1_000_000) continue;
      yield block;
      block = '';
    }
    yield block;
  }
  await pipeline(Readable.from(blocks()), createWriteStream(path));
  return count;
}
