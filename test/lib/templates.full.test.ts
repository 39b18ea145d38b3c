import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { cacheDirectory } from '../../stack/artifacts/cache-directory.ts';
import { installCfnLint } from '../../stack/artifacts/install-cfn-lint.ts';

const root = join(__dirname, '..', '..');
const folder = mkdtempSync(join(tmpdir(), 'lethe-templates-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Findings that are left out, each with its reason. */
const leftOut = {
  W3005: 'A DependsOn beside a reference to the same resource: the CDK writes both, and the second does no harm.',
};

/** The linter's command; undefined where Python is missing, which only a machine of our own may be. */
async function linter(): Promise<string | undefined> {
  try {
    return await installCfnLint(cacheDirectory(process.env));
  } catch (error) {
    if (process.env.CI !== undefined) throw error;
    process.stderr.write(`cfn-lint is left out: ${String(error)}\n`);
    return undefined;
  }
}

test.each(['dev', 'existing-cluster', 'created-cluster'])(
  '%s synthesizes, bundles included, and cfn-lint finds nothing in its templates',
  async (environment) => {
    const out = join(folder, environment);
    const cdk = join(root, 'node_modules', '.bin', 'cdk');
    const synth = spawnSync(cdk, ['synth', '--quiet', '-c', `env=${environment}`, '-o', out], {
      cwd: root,
      encoding: 'utf8',
    });
    expect([synth.status, synth.stderr]).toEqual([0, expect.not.stringContaining('Error')]);
    const templates = readdirSync(out).filter((file) => file.endsWith('.template.json'));
    expect(templates.sort()).toEqual(['Lakehouse.template.json', 'Storage.template.json']);
    const command = await linter();
    if (command === undefined) return;
    const ignored = Object.keys(leftOut).flatMap((rule) => ['--ignore-checks', rule]);
    const lint = spawnSync(command, ['--regions', 'eu-central-1', ...ignored, '--', ...templates], {
      cwd: out,
      encoding: 'utf8',
    });
    expect(`${lint.stdout}${lint.stderr}`).toBe('');
    expect(lint.status).toBe(0);
  },
);
