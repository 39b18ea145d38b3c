import { join } from 'node:path';
import { App } from 'aws-cdk-lib';
import { InputError } from '../core/errors.ts';
import { pipelines } from '../core/pipelines.ts';
import { environmentFile, readConfig } from '../lib/config.ts';
import { bundledCode } from '../lib/lake/bundled-code.ts';
import { letheStacks } from '../lib/lethe-app.ts';

const projectRoot = join(import.meta.dirname, '..');
const app = new App({ analyticsReporting: false });

try {
  letheStacks(app, {
    config: readConfig(environmentFile(app.node.tryGetContext('env') ?? 'dev')),
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
