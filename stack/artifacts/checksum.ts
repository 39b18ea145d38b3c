import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { basename } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { StackError } from '../stack-error.ts';

/** @throws StackError when a file's SHA-256 is not the pinned one. */
export async function checkSha256(path: string, pinned: string): Promise<void> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(path), hash);
  const found = hash.digest('hex');
  if (found !== pinned) {
    throw new StackError(
      `${basename(path)} has the SHA-256 ${found}, but ${pinned} is pinned: the download is broken.`,
    );
  }
}
