import { execFile } from 'node:child_process';
import { cpSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

const projectRoot = join(import.meta.dirname, '..', '..');
const execute = promisify(execFile);

/** What is deployed: the sources that an app is made of. */
const sources = ['bin', 'core', 'dashboards', 'lambdas', 'lib', 'sql', 'cdk.json', 'package.json'];
const environment = 'stack';

/**
 * The app's sources in a folder of their own, where a test may make the next version of them, and what the CDK's command
 * line does with them on the emulator, to which the environment points.
 */
export class AppVersions {
  readonly folder = mkdtempSync(join(tmpdir(), 'lethe-app-'));

  constructor() {
    for (const source of sources) cpSync(join(projectRoot, source), join(this.folder, source), { recursive: true });
    cpSync(join(projectRoot, 'config'), join(this.folder, 'config'), { recursive: true });
    symlinkSync(join(projectRoot, 'node_modules'), join(this.folder, 'node_modules'));
  }

  /** Writes the environment that is deployed. Without Kafka: the emulator knows nothing of MSK Connect. */
  configure(config: Readonly<Record<string, unknown>>): void {
    writeFileSync(join(this.folder, 'config', `${environment}.json`), JSON.stringify(config));
  }

  /** Synthesizes the sources as they are. */
  async synthesize(): Promise<void> {
    await this.#cdk('synth', '--quiet', '-c', `env=${environment}`, '--output', 'cdk.out');
  }

  /** Makes the account ready for deployments of what has been synthesized. */
  async bootstrap(): Promise<void> {
    await this.#cdk('bootstrap', 'aws://000000000000/us-east-1', '--app', 'cdk.out');
  }

  /** Deploys both stacks as they were synthesized; returns what the CDK said. */
  async deploy(): Promise<string> {
    return this.#cdk('deploy', '--all', '--require-approval', 'never', '--app', 'cdk.out');
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }

  async #cdk(...args: readonly string[]): Promise<string> {
    const { stdout, stderr } = await execute('npx', ['cdk', ...args], {
      cwd: this.folder,
      maxBuffer: 64 * 1024 * 1024,
      env: { ...process.env, CI: 'true' },
    });
    return stdout + stderr;
  }
}
