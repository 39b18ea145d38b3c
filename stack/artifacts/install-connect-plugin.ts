import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { installOnce } from './install-once.ts';
import { runTool } from './run-tool.ts';

const projectRoot = join(import.meta.dirname, '..', '..');
const connector = join(projectRoot, 'connector');
const zip = join(connector, 'plugin', 'target', 'lethe-connect.zip');

/** The plugin that MSK Connect would be given, built from this tree when its sources have changed, and unpacked; returns its folder of jars. */
export async function installConnectPlugin(cache: string): Promise<string> {
  const folder = await installOnce(join(cache, `connect-plugin-${sourcesKey()}`), async (draft) => {
    await runTool('npm', ['run', '--silent', 'build:connector'], { cwd: projectRoot });
    await runTool('python3', ['-m', 'zipfile', '-e', zip, draft]);
  });
  return join(folder, 'lethe-connect');
}

/** Changes with whatever the plugin is built from. */
function sourcesKey(): string {
  const hash = createHash('sha256');
  for (const file of sourceFiles()) hash.update(file).update(readFileSync(join(connector, file)));
  return hash.digest('hex').slice(0, 12);
}

function sourceFiles(): string[] {
  return readdirSync(connector, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && !`${entry.parentPath}/`.includes('/target/'))
    .map((entry) => join(entry.parentPath, entry.name).slice(connector.length + 1))
    .filter((file) => !file.startsWith('src/test/'))
    .sort();
}
