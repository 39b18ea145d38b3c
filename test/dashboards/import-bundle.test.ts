import { createServer, type Server } from 'node:http';
import { chatTables } from '../../core/chat/tables.ts';
import { chatDashboard } from '../../dashboards/chat.ts';
import { type Bundle, supersetBundle } from '../../dashboards/superset/bundle.ts';
import { importBundle } from '../../dashboards/superset/import-bundle.ts';
import { SupersetClient } from '../../dashboards/superset/superset-client.ts';

const bundle = supersetBundle(chatDashboard, { region: 'us-east-1', workGroup: 'primary', database: 'lake' });
const load = async (superset: SupersetClient, one: Bundle = bundle) => importBundle(superset, one, chatTables);

/** Speaks the few operations of Superset 6.1 that an import uses, as 6.1 was seen to answer them. */
class FakeSuperset {
  refused: string | undefined;
  /** What the import of dashboards says of the refused file; nothing where it does not know either. */
  reason: object | undefined;
  charts: { id: number; uuid: string; slice_name: string; certified_by: string | null }[] = [];
  readonly removed: string[] = [];
  readonly server: Server = createServer(async (request, response) => {
    const parts: Buffer[] = [];
    for await (const part of request) parts.push(part);
    const body = Buffer.concat(parts);
    const reply = (status: number, value: object, headers = {}) =>
      response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(value));
    const url = decodeURIComponent(request.url ?? '');
    if (url.endsWith('/security/login')) {
      const isKnown = JSON.parse(body.toString()).password === 'right';
      return reply(isKnown ? 200 : 401, isKnown ? { access_token: 'jwt' } : { message: 'Not authorized' });
    }
    if (request.headers.authorization !== 'Bearer jwt') return reply(401, { msg: 'Missing token' });
    if (url.endsWith('/csrf_token/'))
      return reply(200, { result: 'csrf' }, { 'set-cookie': 'session=s1; HttpOnly; Path=/' });
    if (url.includes('/assets/import/')) {
      const { 'x-csrftoken': csrf, cookie, referer } = request.headers;
      if (csrf !== 'csrf' || cookie !== 'session=s1' || referer === undefined) return reply(400, { errors: [] });
      // Names of files stand in a zip as they are.
      if (this.refused !== undefined && body.includes(this.refused)) {
        const message = 'Import failed for an unknown reason';
        return reply(500, { errors: [{ message, error_type: 'GENERIC_COMMAND_ERROR', extra: { issue_codes: [] } }] });
      }
      return reply(200, { message: 'OK' });
    }
    if (url.includes('/dashboard/import/')) {
      const known = this.reason === undefined ? {} : { [this.refused ?? '']: this.reason };
      const extra = { ...known, 'charts/never-taken.yaml': { uuid: ['Missing data for required field.'] } };
      const taken = !body.includes('charts/never-taken.yaml');
      return taken ? reply(200, {}) : reply(422, { errors: [{ message: 'Error importing dashboard', extra }] });
    }
    if (request.method === 'DELETE') {
      this.removed.push(url.slice(url.indexOf('q=') + 2));
      return reply(200, { message: 'Deleted' });
    }
    const asked = (name: string) => Number(new RegExp(`\\b${name}:(\\d+)`).exec(url)?.[1] ?? 0);
    const size = Math.min(asked('page_size'), 100);
    const first = asked('page') * size;
    return reply(200, { count: this.charts.length, result: this.charts.slice(first, first + size) });
  });
}

describe('the import into Superset', () => {
  const superset = new FakeSuperset();
  let url: string;
  beforeAll(async () => {
    await new Promise<void>((resolve) => superset.server.listen(0, '127.0.0.1', resolve));
    const address = superset.server.address();
    url = `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}/`;
  });
  afterAll(() => superset.server.close());
  beforeEach(() => {
    superset.refused = undefined;
    superset.charts = [];
    superset.removed.length = 0;
  });
  const connect = () => SupersetClient.connect(url, { username: 'admin', password: 'right' });

  test('removes charts of an earlier bundle, and leaves those of people alone', async () => {
    const [kept = ''] = bundle.chartUuids;
    superset.charts = [
      { id: 1, uuid: kept, slice_name: 'Still there', certified_by: 'Lethe' },
      { id: 2, uuid: 'gone', slice_name: 'No more', certified_by: 'Lethe' },
      { id: 3, uuid: 'own', slice_name: 'Made by hand', certified_by: null },
    ];
    const { removed } = await load(await connect());
    expect(removed).toEqual(['No more']);
    expect(superset.removed).toEqual(['!(2)']);
  });

  test('finds charts of an earlier bundle on every page of a long list', async () => {
    superset.charts = Array.from({ length: 250 }, (_, id) => ({
      id,
      uuid: `uuid-${id}`,
      slice_name: `Chart ${id}`,
      certified_by: [99, 100, 249].includes(id) ? 'Lethe' : null,
    }));
    const { removed } = await load(await connect());
    expect(removed).toEqual(['Chart 99', 'Chart 100', 'Chart 249']);
    expect(superset.removed).toEqual(['!(99,100,249)']);
  });

  test('says why Superset refuses a file, though the import itself does not', async () => {
    superset.refused = 'charts/mau.yaml';
    superset.reason = { cache_timeout: ['Not a valid integer.'] };
    await expect(load(await connect())).rejects.toThrow(
      'Superset refuses the bundle: charts/mau.yaml: {"cache_timeout":["Not a valid integer."]}.',
    );
  });

  test('sends nothing that is broken', async () => {
    const files = bundle.files.map((file) => ({ ...file, text: file.text.replace(/^slice_name/, 'slice_nam') }));
    await expect(load(await connect(), { ...bundle, files })).rejects.toThrow(/nothing was sent: lethe.charts/);
  });

  test('names at least the file where Superset knows no cause', async () => {
    superset.refused = 'charts/mau.yaml';
    superset.reason = undefined;
    await expect(load(await connect())).rejects.toThrow(/^Superset refuses lethe\/charts\/mau.yaml \(status 500\)/);
  });

  test('says in one line who is not let in, and where nothing answers', async () => {
    await expect(SupersetClient.connect(url, { username: 'admin', password: 'wrong' })).rejects.toThrow(
      'refuses this user name and password (status 401)',
    );
    await expect(SupersetClient.connect(url, { token: 'old' })).rejects.toThrow('does not accept the token');
    await expect(SupersetClient.connect('http://127.0.0.1:1', { token: 'jwt' })).rejects.toThrow('Nothing answers at');
  });
});
