import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { StackError } from '../stack-error.ts';
import { installOnce } from './install-once.ts';
import { runTool } from './run-tool.ts';

/** MiniStack asks for 3.10 or newer; Superset, which shares the pins' Python, for 3.11. */
const wanted = 'Python 3.11';

/** Flags of pip for a complete list: what it names is taken, and nothing else. */
const pinned = ['--require-hashes', '--no-deps'];

/** A Python environment with what `requirements.txt` of this folder pins, below `cache`; returns its interpreter. */
export async function installPython(cache: string): Promise<string> {
  return install(cache, 'requirements.txt', [...pinned, '--only-binary=:all:']);
}

/** The same with Superset, about 400 MB. It is asked for by the tests that need it alone. */
export async function installSuperset(cache: string): Promise<string> {
  // A few of its packages come as source alone.
  return install(cache, 'superset-requirements.txt', [...pinned, '--prefer-binary']);
}

/** The same with Spark as Glue has it, about 350 MB, for the test of a job that runs there. */
export async function installSpark(cache: string): Promise<string> {
  return install(cache, 'spark-requirements.txt', [...pinned, '--prefer-binary']);
}

async function install(cache: string, file: string, flags: readonly string[]): Promise<string> {
  const requirements = join(import.meta.dirname, file);
  const key = createHash('sha256').update(readFileSync(requirements)).digest('hex').slice(0, 12);
  const folder = join(cache, `python-${key}`);
  // Scripts of an environment hold its path, so it cannot be filled under another name: a mark says that it is complete.
  await installOnce(`${folder}.complete`, async () => {
    try {
      await runTool('python3.11', ['-m', 'venv', '--clear', folder]);
    } catch (error) {
      throw new StackError(`${file} needs ${wanted} with its venv module. ${String(error)}`);
    }
    await runTool(join(folder, 'bin', 'python'), [
      '-m',
      'pip',
      'install',
      '--quiet',
      ...flags,
      '--requirement',
      requirements,
    ]);
  });
  return join(folder, 'bin', 'python');
}
