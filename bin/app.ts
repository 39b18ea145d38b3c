import { join } from 'node:path';
import { App } from 'aws-cdk-lib';
import { InputError } from '../core/errors.ts';
import { pipelines } from '../core/pipelines.ts';
import { readConfig } from '../lib/config.ts';
import { bundledCode } from '../lib/lake/bundled-code.ts';
import { letheStacks } from '../lib/lethe-app.ts';

const projectRoot = join(import.meta.dirname, '..');
const app = new App({ analyticsReporting: false });
const environment: unknown = app.node.tryGetContext('env') ?? 'dev';

try {
  if (typeof environment !== 'string' || !/^[a-z0-9-]+$/.test(environment)) {
    throw new InputError('-c env=NAME: name a file of config/, without its ending.');
  }
  letheStacks(app, {
    config: readConfig(join(projectRoot, 'config', `${environment}.json`)),
    pipelines,
    code: bundledCode(projectRoot, join(app.outdir, 'bundles')),
    pluginZip: join(projectRoot, 'connector', 'plugin', 'target', 'lethe-connect.zip'),
  });
  app.synth();
} catch (error) {
  if (!(error instanceof InputError)) throw error;
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 2;
}
