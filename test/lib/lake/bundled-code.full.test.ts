import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { bundledCode } from '../../../lib/lake/bundled-code.ts';
import { lakeHandlers, taskAccess } from '../../../lib/lake/task-access.ts';
import { functionSettings } from './function-settings.ts';

const root = join(__dirname, '..', '..', '..');
const directory = mkdtempSync(join(tmpdir(), 'lethe-bundles-'));
const handlers = [...lakeHandlers, 'lake/migrate-tables', 'ingest/bootstrap-brokers'];
/** Those that hold the most clients and readers. */
const largest = ['dsr/look-at-table', 'dsr/close-batch', 'dsr/receive-request', 'dsr/tell-statuses'];

beforeAll(() => {
  const code = bundledCode(root, directory);
  for (const handler of handlers) code(handler);
}, 60_000);
afterAll(() => rmSync(directory, { recursive: true }));

/** Runs a bundle's handler as Lambda does, and gives back all that it printed. */
function invoke(handler: string, payload: unknown): string {
  const script = `
    const { handler } = await import(${JSON.stringify(join(directory, handler, 'index.mjs'))});
    const context = { functionName: 'f', awsRequestId: 'r', memoryLimitInMB: 512, invokedFunctionArn: 'arn' };
    try { await handler(${JSON.stringify(payload)}, context); }
    catch (error) { console.log('THROWN ' + error.name + ' | ' + error.message + ' | ' + error.stack); }`;
  const run = spawnSync(process.execPath, ['--input-type=module', '-e', script], {
    encoding: 'utf8',
    env: { ...functionSettings, PATH: process.env.PATH ?? '' },
  });
  return run.stdout + run.stderr;
}

test('every bundle has its source map and stays below two megabytes as it is uploaded', () => {
  for (const handler of [...handlers, ...largest]) {
    const files = readdirSync(join(directory, handler)).filter((file) => file.startsWith('index.mjs'));
    expect(files.sort()).toEqual(['index.mjs', 'index.mjs.map']);
    const bytes = files.map((file) => gzipSync(readFileSync(join(directory, handler, file)), { level: 1 }).length);
    expect(bytes.reduce((total, size) => total + size, 0)).toBeLessThan(2_000_000);
  }
});

test('functions that fill in statements carry them, and the others do not', () => {
  const carrying = handlers.filter((handler) => existsSync(join(directory, handler, 'sql')));
  expect(carrying).toEqual(['lake/validate-sources', 'lake/start-statement', 'monitoring/report-state']);
});

test('a bundle holds the clients of what its task may use, and no other', () => {
  const holding = (client: string) =>
    lakeHandlers.filter((handler) =>
      readFileSync(join(directory, handler, 'index.mjs'), 'utf8').includes(`apiVersion:"${client}"`),
    );
  expect(holding('2012-08-10')).toEqual([...lakeHandlers]);
  expect(holding('2017-05-18')).toEqual(lakeHandlers.filter((handler) => taskAccess[handler].engine !== undefined));
  expect(holding('2010-08-01')).toEqual(lakeHandlers.filter((handler) => taskAccess[handler].lag === true));
});

test('a bundled task keeps the name of its error, and neither throws nor logs what it was given', () => {
  const printed = invoke('lake/finish-run', { run: { secret: 'user-4711' } });
  expect(printed).toContain('THROWN ZodError | ZodError: see the log of the task that failed.');
  expect(printed).toContain('"message":"Task failed"');
  expect(printed).toContain('"Namespace":"Lethe","Dimensions":[["environment"]],"Metrics":[{"Name":"TaskFailed"');
  expect(printed).not.toContain('user-4711');
});

test('a deployment without the plugin says what to run and fails', () => {
  const script = join(root, 'lib', 'ingest', 'plugin-not-built.ts');
  expect(() => execFileSync(process.execPath, [script], { stdio: 'pipe' })).toThrow(/npm run build:connector/);
});
