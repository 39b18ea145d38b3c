import { randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { z } from 'zod';
import { catalogueOperations } from './catalogue-operations.ts';
import type { Engine } from './engine.ts';
import { Executions, type ExecutionsOptions } from './executions.ts';
import { invalidRequest, RequestError } from './request-error.ts';
import { statementOperations } from './statement-operations.ts';

export interface AthenaEndpointOptions extends ExecutionsOptions {
  readonly engine: Engine;
  /** The database of a request that names none. */
  readonly database: string;
  /** Default: a free one. */
  readonly port?: number;
}

export interface AthenaEndpoint {
  /** For the SDKs' `endpoint`, or AWS_ENDPOINT_URL_ATHENA. */
  readonly url: string;
  /** Names this endpoint of all that ever had its port; `GET /` answers with it. */
  readonly instanceId: string;
  /** Stops all statements and lets go of the port. */
  close(): Promise<void>;
}

/** A statement of 262,144 bytes, escaped as JSON at worst sixfold, and its surroundings. */
const maxBodyBytes = 2 * 1024 * 1024;

/**
 * Serves an engine as Amazon Athena (JSON 1.1 protocol) on 127.0.0.1, unsigned requests included.
 *
 *     const endpoint = await serveAthena({ engine, database: 'lake' });
 *     const athena = new AthenaClient({
 *       endpoint: endpoint.url,
 *       region: 'local',
 *       credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
 *     });
 */
export async function serveAthena(options: AthenaEndpointOptions): Promise<AthenaEndpoint> {
  const executions = new Executions(options);
  const operations = new Map<string, (input: unknown) => Promise<object>>([
    ...Object.entries(statementOperations(executions, options.database)),
    ...Object.entries(catalogueOperations(options.engine)),
  ]);
  const instanceId = randomUUID();
  const server = createServer({ keepAlive: true, keepAliveTimeout: 60_000 }, (request, response) => {
    void answer(request, response, operations, instanceId);
  });
  // Answers are small and asked for one by one: waiting to fill a packet would cost 40 ms each.
  server.on('connection', (socket) => socket.setNoDelay(true));
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(options.port ?? 0, '127.0.0.1', resolve);
  });
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('the endpoint listens on no port');
  return {
    url: `http://127.0.0.1:${address.port}`,
    instanceId,
    async close() {
      await executions.close();
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      server.closeAllConnections();
      await closed;
    },
  };
}

async function answer(
  request: IncomingMessage,
  response: ServerResponse,
  operations: ReadonlyMap<string, (input: unknown) => Promise<object>>,
  instanceId: string,
): Promise<void> {
  try {
    refuseForeign(request);
    if (request.method === 'GET') return send(response, 200, { instanceId });
    const target = String(request.headers['x-amz-target'] ?? '');
    const operation = target.startsWith('AmazonAthena.')
      ? operations.get(target.slice('AmazonAthena.'.length))
      : undefined;
    const body = await readBody(request);
    if (operation === undefined)
      throw new RequestError('UnknownOperationException', `${target} is not an operation of this endpoint`);
    send(response, 200, await operation(parseJson(body)));
  } catch (error) {
    sendError(response, error);
  }
}

/** A page in a browser may send requests here, by a name of its own that points to 127.0.0.1 or across origins: neither is a client. */
function refuseForeign(request: IncomingMessage): void {
  const host = (request.headers.host ?? '').replace(/:\d+$/, '');
  if (!['127.0.0.1', 'localhost', '[::1]'].includes(host))
    throw new RequestError('AccessDeniedException', 'this endpoint answers on 127.0.0.1 and localhost only');
  if (request.headers.origin !== undefined)
    throw new RequestError('AccessDeniedException', 'this endpoint does not answer pages in a browser');
}

async function readBody(request: IncomingMessage): Promise<string> {
  const parts: Buffer[] = [];
  let bytes = 0;
  for await (const part of request) {
    bytes += part.length;
    if (bytes > maxBodyBytes) throw invalidRequest('the request is too large');
    parts.push(part);
  }
  return Buffer.concat(parts).toString('utf8');
}

function parseJson(body: string): unknown {
  try {
    return body === '' ? {} : JSON.parse(body);
  } catch {
    throw new RequestError('SerializationException', 'the request is no JSON');
  }
}

function sendError(response: ServerResponse, error: unknown): void {
  const known = knownError(error);
  const code = known.athenaErrorCode === undefined ? {} : { AthenaErrorCode: known.athenaErrorCode };
  send(response, known.status, { __type: known.type, Message: known.message, ...code });
}

function knownError(error: unknown): RequestError {
  if (error instanceof RequestError) return error;
  if (error instanceof z.ZodError) {
    const issue = error.issues[0];
    const where = issue?.path.join('.') ?? '';
    return invalidRequest(
      `1 validation error detected: Value at '${where}' failed to satisfy constraint: ${issue?.message ?? ''}`,
    );
  }
  return new RequestError('InternalServerException', 'the endpoint failed');
}

function send(response: ServerResponse, status: number, body: object): void {
  const text = JSON.stringify(body);
  response.writeHead(status, {
    'content-type': 'application/x-amz-json-1.1',
    'content-length': Buffer.byteLength(text),
    'x-amzn-requestid': randomUUID(),
  });
  response.end(text);
}
