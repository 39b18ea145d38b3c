import { randomBytes, timingSafeEqual } from 'node:crypto';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { Readable } from 'node:stream';
import { z } from 'zod';
import { InputError } from '../../core/errors.ts';
import type { LoadProgress, LoadResult } from '../ingest/load-file.ts';

// Only the owner of a home can write files into its tables. Other processes of the same user ask it to, through a door
// on 127.0.0.1 whose secret stands in a file of the home that nobody else can read.

const doorShape = z.object({ url: z.url(), secret: z.string().min(32) });
const requestShape = z.object({ topic: z.string(), path: z.string(), again: z.boolean() });
const countsShape = z.record(z.string(), z.number());
const lineShape = z.union([
  z.object({
    progress: z.object({ accepted: z.number(), rejected: z.number(), bytesRead: z.number(), bytesTotal: z.number() }),
  }),
  z.object({ result: z.object({ accepted: z.number(), rejectedByReason: countsShape }) }),
  z.object({ error: z.string() }),
]);

export type IngestRequest = z.infer<typeof requestShape>;

/** Loads a file on behalf of another process. `path` is absolute. */
export type Ingest = (request: IngestRequest, onProgress: (progress: LoadProgress) => void) => Promise<LoadResult>;

/** Who waits for another's load hears so often that it goes on: fetch gives up after five minutes in which nothing came. */
const heartbeatMillis = 60_000;

const fileIn = (home: string) => join(home, 'ingest-door.json');

/**
 * Opens the door of a home. Whoever opened it closes it, too.
 *
 * @param everyMillis how often a blank line tells who waits that the load goes on. Default: 60,000.
 */
export async function openIngestDoor(
  home: string,
  ingest: Ingest,
  everyMillis = heartbeatMillis,
): Promise<{ close(): Promise<void> }> {
  const secret = randomBytes(32).toString('hex');
  const server = createServer((request, response) => void answer(request, response, secret, ingest, everyMillis));
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', resolve);
  });
  // The door alone keeps no process alive.
  server.unref();
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('the door listens on no port');
  rmSync(fileIn(home), { force: true });
  writeFileSync(fileIn(home), JSON.stringify({ url: `http://127.0.0.1:${address.port}`, secret }), { mode: 0o600 });
  return {
    close: async () => {
      rmSync(fileIn(home), { force: true });
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      server.closeAllConnections();
      await closed;
    },
  };
}

async function answer(
  request: IncomingMessage,
  response: ServerResponse,
  secret: string,
  ingest: Ingest,
  everyMillis: number,
): Promise<void> {
  const given = Buffer.from(String(request.headers.authorization ?? '').padEnd(secret.length));
  const wanted = Buffer.from(secret);
  if (given.length !== wanted.length || !timingSafeEqual(given, wanted)) {
    response.writeHead(403).end();
    return;
  }
  response.writeHead(200, { 'content-type': 'application/x-ndjson' });
  // Of itself the head would wait for the first line, which may be far off when another file is being loaded.
  response.flushHeaders();
  const heartbeat = setInterval(() => response.write('\n'), everyMillis);
  heartbeat.unref();
  const say = (line: z.infer<typeof lineShape>) => response.write(`${JSON.stringify(line)}\n`);
  try {
    const parts: Buffer[] = [];
    for await (const part of request) parts.push(part);
    const asked = requestShape.parse(JSON.parse(Buffer.concat(parts).toString('utf8')));
    const { accepted, rejectedByReason } = await ingest(asked, (progress) => {
      // Nothing of a file is stored whose load ends in an error.
      if (response.destroyed) throw new InputError(`${asked.path}: who asked for it has gone.`);
      say({ progress });
    });
    say({ result: { accepted, rejectedByReason: countsShape.parse(rejectedByReason) } });
  } catch (error) {
    // Errors of reading a file name the file and what to do; the text of any other may hold anything.
    say({
      error: error instanceof InputError ? error.message : 'the process that has the home could not load the file',
    });
  } finally {
    clearInterval(heartbeat);
  }
  response.end();
}

/** Asks the owner of a home to load a file. @throws InputError as the owner's loader does, or when there is no owner to ask. */
export async function ingestThroughDoor(
  home: string,
  request: IngestRequest,
  onProgress: (progress: LoadProgress) => void,
): Promise<LoadResult> {
  const response = await knock(home, request);
  if (response.body === null || !response.ok)
    throw new InputError(`--home ${home} is in use, and its owner does not let files in.`);
  for await (const text of createInterface({
    input: Readable.fromWeb(response.body),
    crlfDelay: Number.POSITIVE_INFINITY,
  })) {
    if (text === '') continue;
    const line = lineShape.parse(JSON.parse(text));
    if ('progress' in line) onProgress(line.progress);
    else if ('error' in line) throw new InputError(line.error);
    else return line.result;
  }
  throw new InputError(
    `${request.path}: the process that has --home ${home} ended before the file was stored. Try again.`,
  );
}

async function knock(home: string, request: IngestRequest): Promise<Response> {
  try {
    const { url, secret } = doorShape.parse(JSON.parse(readFileSync(fileIn(home), 'utf8')));
    return await fetch(url, { method: 'POST', headers: { authorization: secret }, body: JSON.stringify(request) });
  } catch {
    throw new InputError(`--home ${home} is in use by another process that takes no files: end it, then try again.`);
  }
}
