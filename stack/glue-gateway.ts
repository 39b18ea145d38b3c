import { createServer, request as forward, type IncomingMessage, type ServerResponse } from 'node:http';
import { z } from 'zod';
import { quoteName, quoteString } from '../local/athena/sql-text.ts';
import { TrinoClient } from '../local/athena/trino-client.ts';
import { catalogueName } from '../local/athena/trino-engine.ts';

export interface GlueGatewayProps {
  readonly port: number;
  readonly awsUrl: string;
  /** Where Trino will be by the time that a table is changed. */
  readonly trinoUrl: () => string;
}

export interface GlueGateway {
  readonly url: string;
  close(): Promise<void>;
}

/** The one request that the emulator does not know: UpdateTable with the table's Iceberg properties. */
const propertiesUpdate = z.object({
  DatabaseName: z.string(),
  Name: z.string(),
  UpdateOpenTableFormatInput: z.object({
    UpdateIcebergInput: z.object({
      UpdateIcebergTableInput: z.object({
        Updates: z.array(z.object({ Properties: z.record(z.string(), z.string()).default({}) })),
      }),
    }),
  }),
});

/**
 * Glue as the emulator has it, and in front of it what it lacks: Iceberg properties set through Glue, which Trino commits
 * here. Everything else is passed on as it came.
 */
export async function serveGlue(props: GlueGatewayProps): Promise<GlueGateway> {
  const server = createServer((request, response) => {
    void answer(request, response, props).catch(() => {
      response.writeHead(500, { 'content-type': 'application/x-amz-json-1.1' });
      response.end('{"__type":"InternalServiceException"}');
    });
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(props.port, '127.0.0.1', resolve);
  });
  return {
    url: `http://127.0.0.1:${props.port}`,
    close: async () => {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      server.closeAllConnections();
      await closed;
    },
  };
}

async function answer(request: IncomingMessage, response: ServerResponse, props: GlueGatewayProps): Promise<void> {
  const body = Buffer.concat(await Array.fromAsync(request));
  if (request.headers['x-amz-target'] === 'AWSGlue.UpdateTable') {
    const update = propertiesUpdate.safeParse(JSON.parse(body.toString('utf8')));
    if (update.success) {
      await setProperties(update.data, props.trinoUrl());
      response.writeHead(200, { 'content-type': 'application/x-amz-json-1.1' });
      response.end('{}');
      return;
    }
  }
  await passOn(request, response, body, props.awsUrl);
}

/** As it came, host included: its signature holds for no other. */
async function passOn(
  { method, url, headers }: IncomingMessage,
  response: ServerResponse,
  body: Buffer,
  awsUrl: string,
): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    const passed = forward(new URL(url ?? '/', awsUrl), { method, headers }, (answered) => {
      response.writeHead(answered.statusCode ?? 502, answered.headers);
      answered.pipe(response).once('finish', resolve).once('error', reject);
    });
    passed.once('error', reject);
    passed.end(body);
  });
}

async function setProperties(update: z.infer<typeof propertiesUpdate>, trinoUrl: string): Promise<void> {
  const { DatabaseName: database, Name: table } = update;
  const client = new TrinoClient({ url: trinoUrl, catalogue: catalogueName });
  const signal = AbortSignal.timeout(60_000);
  const present = new Map<string, string>();
  await client.run(`select key, value from ${quoteName(`${table}$properties`)}`, {
    database,
    signal,
    onRows: (rows) => {
      for (const [key, value] of rows) present.set(String(key), String(value));
    },
  });
  const wanted = update.UpdateOpenTableFormatInput.UpdateIcebergInput.UpdateIcebergTableInput.Updates.flatMap(
    ({ Properties }) => Object.entries(Properties),
  );
  const changed = wanted.filter(([key, value]) => present.get(key) !== value);
  if (changed.length === 0) return;
  const list = (texts: readonly string[]) => `array[${texts.map(quoteString).join(', ')}]`;
  const map = `map(${list(changed.map(([key]) => key))}, ${list(changed.map(([, value]) => value))})`;
  await client.run(`alter table ${quoteName(table)} set properties extra_properties = ${map}`, { database, signal });
}
