import { closeSync, openSync, readdirSync, readSync, statSync } from 'node:fs';
import { join, relative } from 'node:path';

/** Which of some identities the bytes of files hold. */
export interface Found {
  readonly identity: string;
  /** Path below the folder, without any identity that may be in it. */
  readonly file: string;
}

/** Bits of the table that most positions are ruled out by. */
const tableBits = 20;

/**
 * Reads every byte of files and says which identities stand in them, at any offset, as UTF-8. Many identities cost as
 * much as one: a rolling hash (Karp and Rabin's) of the shortest identity's length rules nearly all positions out.
 *
 * @param pieceBytes how much of a file is in memory at once. Default: 16 MiB.
 */
export function searchFiles(
  folder: string,
  files: readonly string[],
  identities: readonly string[],
  pieceBytes: number = 16 * 1024 * 1024,
): Found[] {
  const patterns = identities.map((identity) => ({ identity, bytes: Buffer.from(identity) }));
  if (patterns.length === 0) return [];
  const length = Math.min(...patterns.map(({ bytes }) => bytes.length));
  const longest = Math.max(...patterns.map(({ bytes }) => bytes.length));
  const byHash = new Map<number, typeof patterns>();
  const table = new Uint8Array(1 << tableBits);
  for (const pattern of patterns) {
    const hash = hashOf(pattern.bytes, length);
    byHash.set(hash, [...(byHash.get(hash) ?? []), pattern]);
    table[hash >>> (32 - tableBits)] = 1;
  }
  const found: Found[] = [];
  for (const file of files) {
    const here = new Set<string>();
    forEachPiece(join(folder, file), { pieceBytes, overlap: longest }, (chunk) => {
      scan(chunk, length, (at, hash) => {
        if (table[hash >>> (32 - tableBits)] === 0) return;
        for (const { identity, bytes } of byHash.get(hash >>> 0) ?? []) {
          if (chunk.compare(bytes, 0, bytes.length, at, at + bytes.length) === 0) here.add(identity);
        }
      });
    });
    found.push(...[...here].map((identity) => ({ identity, file })));
  }
  return found;
}

/** All files below a folder, as paths from it, in order. */
export function filesBelow(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)))
    .sort();
}

const base = 0x01000193;

function hashOf(bytes: Buffer, length: number): number {
  let hash = 0;
  for (let at = 0; at < length; at++) hash = (Math.imul(hash, base) + (bytes[at] ?? 0)) | 0;
  return hash >>> 0;
}

function scan(chunk: Buffer, length: number, visit: (at: number, hash: number) => void): void {
  if (chunk.length < length) return;
  let out = 1;
  for (let n = 0; n < length; n++) out = Math.imul(out, base);
  let hash = hashOf(chunk, length) | 0;
  visit(0, hash >>> 0);
  for (let at = 1; at + length <= chunk.length; at++) {
    hash = (Math.imul(hash, base) + (chunk[at + length - 1] ?? 0) - Math.imul(out, chunk[at - 1] ?? 0)) | 0;
    visit(at, hash >>> 0);
  }
}

/** Gives a file in pieces that overlap by one byte less than `overlap`, so that nothing is cut apart. */
function forEachPiece(
  path: string,
  { pieceBytes, overlap }: { pieceBytes: number; overlap: number },
  use: (piece: Buffer) => void,
): void {
  const size = statSync(path, { throwIfNoEntry: false })?.size ?? 0;
  if (size === 0) return;
  const descriptor = openSync(path, 'r');
  try {
    const buffer = Buffer.alloc(Math.min(pieceBytes, size) + overlap);
    for (let at = 0; at < size; at += pieceBytes) {
      const read = readSync(descriptor, buffer, 0, buffer.length, at);
      use(buffer.subarray(0, read));
    }
  } finally {
    closeSync(descriptor);
  }
}
