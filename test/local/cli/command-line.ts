import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { synthesizeWorkflows } from '../../../lib/synthesize-workflows.ts';
import { main } from '../../../local/cli/main.ts';
import { type Place, placeAt } from '../../../local/cli/place.ts';
import { terminalOn } from '../../../local/cli/terminal.ts';

export interface Outcome {
  readonly status: number | null;
  readonly out: string;
  readonly err: string;
}

/** Runs a command line in this process, on a clock and with pipelines of the test's own if they are given. */
export async function lethe(
  args: readonly string[],
  now?: Date,
  own: Partial<Pick<Place, 'pipelines' | 'sql'>> = {},
): Promise<Outcome> {
  const [out, err] = [new PassThrough({ highWaterMark: 1e9 }), new PassThrough({ highWaterMark: 1e9 })];
  const place = placeAt(terminalOn(out, err), new AbortController().signal, async (pipelines) =>
    synthesizeWorkflows(pipelines),
  );
  const status = await main(args, { ...place, ...own, ...(now === undefined ? {} : { now: () => now }) });
  return { status, out: String(out.read() ?? ''), err: String(err.read() ?? '') };
}

const entry = join(import.meta.dirname, '..', '..', '..', 'bin', 'lethe.ts');

/** Runs a command line as a process of its own; `begun` may talk to it. */
export function letheProcess(
  args: readonly string[],
  begun: (process: ReturnType<typeof spawn>) => void = () => undefined,
): Promise<Outcome> {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, [entry, ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
    let [out, err] = ['', ''];
    child.stdout.on('data', (part) => (out += part));
    child.stderr.on('data', (part) => (err += part));
    child.on('close', (status) => resolve({ status, out, err }));
    begun(child);
  });
}

/** Gives each test file a folder that goes away with it. */
export function scratchFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'lethe-test-'));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}
