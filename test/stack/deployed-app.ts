import { execFile } from 'node:child_process';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { z } from 'zod';

const projectRoot = join(import.meta.dirname, '..', '..');
const execute = promisify(execFile);

/** Runs the CDK's command line against the emulator, to which the environment points; returns what it said. */
async function cdk(...args: readonly string[]): Promise<string> {
  const { stdout, stderr } = await execute('npx', ['cdk', ...args], {
    cwd: projectRoot,
    maxBuffer: 64 * 1024 * 1024,
    env: { ...process.env, CI: 'true' },
  });
  return stdout + stderr;
}

/** Synthesizes the app of an environment of `config/` into a folder, and makes the account ready for it. */
export async function prepareDeployment(environment: string, output: string): Promise<void> {
  await cdk('synth', '--quiet', '-c', `env=${environment}`, '--output', output);
  for (const file of readdirSync(output)) if (file.endsWith('.template.json')) simplifyAlarms(join(output, file));
  await cdk('bootstrap', 'aws://000000000000/us-east-1', '--app', output);
}

const template = z.looseObject({
  Resources: z.record(z.string(), z.looseObject({ Type: z.string(), Properties: z.looseObject({}).default({}) })),
});

/** The emulator knows no alarm on metric math: such an alarm is deployed on a metric that nobody measures. */
function simplifyAlarms(file: string): void {
  const { Resources, ...rest } = template.parse(JSON.parse(readFileSync(file, 'utf8')));
  const own = { MetricName: 'NotMeasured', Namespace: 'Emulated', Statistic: 'Sum', Period: 300 };
  for (const resource of Object.values(Resources)) {
    const { Metrics, ...properties } = resource.Properties;
    if (resource.Type !== 'AWS::CloudWatch::Alarm' || Metrics === undefined) continue;
    resource.Properties = { ...properties, ...own };
  }
  writeFileSync(file, JSON.stringify({ ...rest, Resources }));
}

/** Deploys both stacks of a synthesized app. */
export async function deploy(output: string): Promise<string> {
  return cdk('deploy', '--all', '--require-approval', 'never', '--app', output);
}
