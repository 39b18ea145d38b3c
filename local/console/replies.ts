import type { IncomingMessage, ServerResponse } from 'node:http';
import { gzipSync } from 'node:zlib';
import type { Refusal } from './answers.ts';
import type { Asset } from './bundle.ts';

/** Nothing from elsewhere, nothing inline, in nobody's frame. The chart library sets styles of single elements. */
const contentSecurityPolicy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "style-src-attr 'unsafe-inline'",
  "img-src 'self' data: blob:",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'self'",
  "frame-ancestors 'none'",
].join('; ');

const everyReply = {
  'content-security-policy': contentSecurityPolicy,
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
};

/** Below this a packet holds the answer either way. */
const worthGzipping = 1_400;

/** The ways to answer one request. */
export class Replies {
  readonly #request: IncomingMessage;
  readonly #response: ServerResponse;

  constructor(request: IncomingMessage, response: ServerResponse) {
    this.#request = request;
    this.#response = response;
  }

  document(html: string): void {
    this.#send(200, { 'content-type': 'text/html; charset=utf-8', 'cache-control': 'no-cache' }, Buffer.from(html));
  }

  json(value: object, status = 200): void {
    this.#send(
      status,
      { 'content-type': 'application/json', 'cache-control': 'no-store' },
      Buffer.from(JSON.stringify(value)),
    );
  }

  /** A text to be kept as a file. */
  file(name: string, text: string): void {
    this.#send(
      200,
      {
        'content-type': name.endsWith('.json') ? 'application/json' : 'application/x-pem-file',
        'content-disposition': `attachment; filename="${name}"`,
        'cache-control': 'no-store',
      },
      Buffer.from(text),
    );
  }

  /** @param error one line for the reader, without anything that a row holds. */
  refuse(status: number, error: string): void {
    if (this.#response.headersSent) return void this.#response.end();
    const refusal: Refusal = { error };
    this.json(refusal, status);
  }

  asset({ type, text, gzipped }: Asset): void {
    this.#send(200, { 'content-type': type, 'cache-control': 'public, max-age=31536000, immutable' }, text, gzipped);
  }

  redirect(to: string, setCookie?: string): void {
    this.#response.writeHead(302, {
      ...everyReply,
      location: to,
      ...(setCookie === undefined ? {} : { 'set-cookie': setCookie }),
    });
    this.#response.end();
  }

  /** Server-sent events, for as long as the reader listens. @param follow begins to send, and returns what ends it. */
  events(follow: (send: (event: object) => void) => () => void): void {
    this.#response.writeHead(200, {
      ...everyReply,
      'content-type': 'text/event-stream',
      'cache-control': 'no-store',
    });
    this.#response.write('retry: 2000\n\n');
    const stop = follow((event) => this.#response.write(`data: ${JSON.stringify(event)}\n\n`));
    this.#response.on('close', stop);
  }

  #send(status: number, headers: Record<string, string>, body: Buffer, gzipped?: Buffer): void {
    const takesGzip = /\bgzip\b/.test(String(this.#request.headers['accept-encoding'] ?? ''));
    const isGzipped = takesGzip && body.length > worthGzipping;
    const sent = isGzipped ? (gzipped ?? gzipSync(body)) : body;
    this.#response.writeHead(status, {
      ...everyReply,
      ...headers,
      vary: 'accept-encoding',
      ...(isGzipped ? { 'content-encoding': 'gzip' } : {}),
      'content-length': sent.length,
    });
    this.#response.end(this.#request.method === 'HEAD' ? undefined : sent);
  }
}
