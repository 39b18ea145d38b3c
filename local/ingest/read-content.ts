import { createReadStream } from 'node:fs';
import { pipeline, type Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { InputError } from '../../core/errors.ts';

const CHUNK_BYTES = 1024 * 1024;

/**
 * The content of a file or pipe in chunks of about 1 MiB, unpacked when its first two bytes are gzip's. `onRead` is told the bytes of
 * each piece that was read from it. @throws InputError when it cannot be read to its end.
 */
export async function* readContent(path: string, onRead: (bytes: number) => void): AsyncGenerator<Buffer> {
  const file = createReadStream(path, { highWaterMark: CHUNK_BYTES });
  try {
    const raw = readRaw(file, onRead);
    const first = await readAtLeast(2, raw);
    const whole = prepend(first, raw);
    if (first[0] !== 0x1f || first[1] !== 0x8b) {
      yield* whole;
      return;
    }
    const unpacked = createGunzip({ chunkSize: CHUNK_BYTES });
    // An error on the way in destroys `unpacked`, so reading that throws it.
    pipeline(whole, unpacked, () => undefined);
    for await (const chunk of unpacked) yield asBuffer(chunk);
  } catch (error) {
    throw explained(path, error);
  } finally {
    file.destroy();
  }
}

async function* readRaw(file: Readable, onRead: (bytes: number) => void): AsyncGenerator<Buffer> {
  for await (const piece of file) {
    const chunk = asBuffer(piece);
    onRead(chunk.length);
    yield chunk;
  }
}

async function readAtLeast(bytes: number, chunks: AsyncGenerator<Buffer>): Promise<Buffer> {
  let read = Buffer.alloc(0);
  while (read.length < bytes) {
    const next = await chunks.next();
    if (next.done) break;
    read = Buffer.concat([read, next.value]);
  }
  return read;
}

async function* prepend(first: Buffer, rest: AsyncGenerator<Buffer>): AsyncGenerator<Buffer> {
  if (first.length > 0) yield first;
  yield* rest;
}

function asBuffer(chunk: unknown): Buffer {
  if (Buffer.isBuffer(chunk)) return chunk;
  throw new TypeError('a stream of bytes gave something else');
}

function explained(path: string, error: unknown): unknown {
  const code = typeof error === 'object' && error !== null && 'code' in error ? String(error.code) : '';
  if (code === 'ENOENT') return new InputError(`${path}: there is no such file; check the name`);
  if (code === 'EISDIR')
    return new InputError(`${path}: is a directory; name the files in it, such as ${path}/*.ndjson`);
  if (code === 'EACCES' || code === 'EPERM') return new InputError(`${path}: may not be read; check its permissions`);
  if (code.startsWith('Z_')) return new InputError(`${path}: is damaged or cut off as gzip (${code}); fetch it again`);
  if (code.startsWith('E')) return new InputError(`${path}: cannot be read (${code})`);
  return error;
}
