import { once } from 'node:events';
import { createServer } from 'node:http';
import { TrinoClient } from '../../../local/athena/trino-client.ts';

const closing: (() => void)[] = [];
afterEach(() => {
  for (const close of closing.splice(0)) close();
});

interface Answer {
  readonly status?: number;
  readonly body?: string;
}

/** Serves Trino's protocol: what comes after the first page is scripted, and given the address of a page after it. */
async function scriptedTrino(answer: (nextUri: string) => Answer) {
  const asked: string[] = [];
  const server = createServer(({ method = '' }, response) => {
    asked.push(method);
    const nextUri = `${url}/next`;
    const { status = 200, body = '' } = method === 'GET' ? answer(nextUri) : { body: page({ nextUri }) };
    response.writeHead(status).end(body);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  closing.push(() => server.close().closeAllConnections());
  const address = server.address();
  const url = `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}`;
  const client = new TrinoClient({ url, catalogue: 'c', busyMillis: 100 });
  return { asked, run: (more: object = {}) => client.run('select 1', { ...context, ...more }) };
}

function page(content: object): string {
  return JSON.stringify({ stats: { physicalInputBytes: 0 }, ...content });
}

const context = { database: 'lake', signal: new AbortController().signal };
const rows = { columns: [{ name: 'x', typeSignature: { rawType: 'bigint', arguments: [] } }], data: [[1]] };

test('a statement that has ended is left alone', async () => {
  const { run, asked } = await scriptedTrino(() => ({ body: page(rows) }));
  expect(await run()).toMatchObject({ columns: [{ name: 'x' }] });
  expect(asked).toEqual(['POST', 'GET']);
});

test('a statement that has failed is left alone', async () => {
  const error = { message: 'no', errorName: 'TABLE_NOT_FOUND', errorType: 'USER_ERROR' };
  const { run, asked } = await scriptedTrino(() => ({ body: page({ error }) }));
  await expect(run()).rejects.toThrow('TABLE_NOT_FOUND');
  expect(asked).toEqual(['POST', 'GET']);
});

test('a statement whose rows are too many is ended in Trino', async () => {
  const { run, asked } = await scriptedTrino((nextUri) => ({ body: page({ ...rows, nextUri }) }));
  const onRows = () => {
    throw new Error('too many');
  };
  await expect(run({ onRows })).rejects.toThrow('too many');
  expect(asked).toEqual(['POST', 'GET', 'DELETE']);
});

test.each([
  ['no JSON', 'no page'],
  ['a page of another shape', page({ data: 'rows' })],
])('a statement is ended in Trino after an answer that is %s', async (_, body) => {
  const { run, asked } = await scriptedTrino(() => ({ body }));
  await expect(run()).rejects.toThrow();
  expect(asked).toEqual(['POST', 'GET', 'DELETE']);
});

test('a statement that is stopped is ended in Trino', async () => {
  const stop = new AbortController();
  const { run, asked } = await scriptedTrino((nextUri) => {
    stop.abort();
    return { body: page({ nextUri }) };
  });
  await expect(run({ signal: stop.signal })).rejects.toThrow();
  expect(asked).toEqual(['POST', 'GET', 'DELETE']);
});

test('a Trino that is busy is asked again', async () => {
  let refusals = 1;
  const { run } = await scriptedTrino(() => (refusals-- > 0 ? { status: 503 } : { body: page(rows) }));
  expect(await run()).toMatchObject({ columns: [{ name: 'x' }] });
});

test('a Trino that stays busy is not asked for ever', async () => {
  const { run, asked } = await scriptedTrino(() => ({ status: 503 }));
  await expect(run()).rejects.toThrow(/^NO_NODES_AVAILABLE: .* 503 for 0.1 seconds/);
  expect(asked.at(-1)).toBe('DELETE');
});
