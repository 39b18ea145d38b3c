import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { StackError } from '../stack-error.ts';
import { installOnce } from './install-once.ts';
import { runTool } from './run-tool.ts';

/** A Python environment with the linter of CloudFormation templates, pinned and checksummed, below `cache`; returns its command. */
export async function installCfnLint(cache: string): Promise<string> {
  const requirements = join(import.meta.dirname, 'cfn-lint.requirements.txt');
  const key = createHash('sha256').update(readFileSync(requirements)).digest('hex').slice(0, 12);
  const folder = join(cache, `cfn-lint-${key}`);
  // Scripts of an environment hold its path, so it cannot be filled under another name: a mark says that it is complete.
  await installOnce(`${folder}.complete`, async () => {
    try {
      await runTool('python3', ['-m', 'venv', '--clear', folder]);
    } catch (error) {
      throw new StackError(`cfn-lint needs Python 3.10 or newer with its venv module. ${String(error)}`);
    }
    const pip = ['-m', 'pip', 'install', '--quiet', '--require-hashes', '--only-binary=:all:'];
    await runTool(join(folder, 'bin', 'python'), [...pip, '--requirement', requirements]);
  });
  return join(folder, 'bin', 'cfn-lint');
}
