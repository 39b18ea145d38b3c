import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import { bundledCode } from '../../../lib/lake/bundled-code.ts';
import { ofType, synthesizedApp } from '../synthesized-app.ts';
import { functionSettings } from './function-settings.ts';

const root = join(__dirname, '..', '..', '..');
const directory = mkdtempSync(join(tmpdir(), 'lethe-functions-'));
afterAll(() => rmSync(directory, { recursive: true }));

/** With credentials of nobody: a client that is given none looks for some elsewhere. */
const environment = { ...functionSettings, AWS_ACCESS_KEY_ID: 'a', AWS_SECRET_ACCESS_KEY: 'b' };

const figures = z.object({ megabytes: z.number(), millis: z.number() });

/** Loads a bundle as Lambda does, in a process of its own whose heap has what the function has, and lets it fail once. */
function measured(handler: string, memory: number) {
  const script = `
    const { handler } = await import(${JSON.stringify(join(directory, handler, 'index.mjs'))});
    const context = { functionName: 'f', awsRequestId: 'r', memoryLimitInMB: ${memory}, invokedFunctionArn: 'arn' };
    // Nothing to work on, but all that comes before work: settings, clients, the check of the payload.
    await Promise.race([handler({}, context), new Promise((end) => setTimeout(end, 2000))]).catch(() => undefined);
    // The processor's time: how long it takes depends on who else works on this machine.
    const { user, system } = process.cpuUsage();
    const millis = Math.round((user + system) / 1000);
    process.stderr.write(JSON.stringify({ megabytes: Math.round(process.resourceUsage().maxRSS / 1024), millis }));
    process.exit(0);`;
  const run = spawnSync(process.execPath, [`--max-old-space-size=${memory}`, '--input-type=module', '-e', script], {
    encoding: 'utf8',
    timeout: 30_000,
    env: { ...environment, PATH: process.env.PATH ?? '' },
  });
  return figures.parse(JSON.parse(/\{"megabytes.*\}$/.exec(run.stderr)?.[0] ?? 'null'));
}

test('every function starts with half of its memory and a tenth of the time that Lambda gives it to start', () => {
  const { lakehouse } = synthesizedApp('created-cluster');
  const code = bundledCode(root, directory);
  code('lake/take-turn');
  const rows = ofType(lakehouse, 'AWS::Lambda::Function').flatMap(([, { Properties, Metadata }]) => {
    const handler = Metadata['lethe:handler'];
    if (typeof handler !== 'string' || !existsSync(join(directory, handler))) return [];
    const memory = z.number().parse(Properties.MemorySize);
    return [{ handler, memory, ...measured(handler, memory) }];
  });
  expect(rows.length).toBeGreaterThan(20);
  const width = Math.max(...rows.map(({ handler }) => handler.length));
  const lines = rows.map(({ handler, megabytes, millis }) => `${handler.padEnd(width)} ${megabytes} MB ${millis} ms`);
  process.stderr.write(`${lines.join('\n')}\n`);
  expect(rows.filter(({ megabytes, memory }) => megabytes > memory / 2)).toEqual([]);
  // Lambda ends an initialisation after ten seconds.
  expect(rows.filter(({ millis }) => millis > 1_000)).toEqual([]);
});
