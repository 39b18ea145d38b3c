import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { App, Validations } from 'aws-cdk-lib';
import { AwsSolutionsChecks } from 'cdk-nag';
import { z } from 'zod';
import { pipelines } from '../../core/pipelines.ts';
import { parseConfig, readConfig } from '../../lib/config.ts';
import { withoutCode } from '../../lib/lake/task-code.ts';
import { letheStacks } from '../../lib/lethe-app.ts';

const templateShape = z.object({
  Outputs: z
    .record(z.string(), z.object({ Value: z.unknown(), Export: z.object({ Name: z.string() }).optional() }))
    .default({}),
  Resources: z.record(
    z.string(),
    z.looseObject({
      Type: z.string(),
      Properties: z.record(z.string(), z.unknown()).default({}),
      Metadata: z.record(z.string(), z.unknown()).default({}),
      DeletionPolicy: z.string().optional(),
    }),
  ),
});

export type Template = z.infer<typeof templateShape>;
export type Resource = Template['Resources'][string];

export interface SynthesizedApp {
  readonly storage: Template;
  readonly lakehouse: Template;
  /** Findings of the checks, as `rule: construct`. */
  readonly findings: readonly string[];
}

const root = join(__dirname, '..', '..');
/** The flags that a deployment has. */
const cdk = z
  .object({ context: z.record(z.string(), z.unknown()) })
  .parse(JSON.parse(readFileSync(join(root, 'cdk.json'), 'utf8')));
const configs = join(root, 'config');

/** Synthesizes an environment of `config/`, with changes laid over it, without bundling code. */
export function synthesizedApp(
  environment: string,
  options: { changes?: Record<string, unknown>; checked?: boolean } = {},
): SynthesizedApp {
  const outdir = mkdtempSync(join(tmpdir(), 'lethe-app-'));
  try {
    const app = new App({
      outdir,
      context: cdk.context,
      analyticsReporting: false,
      // A deployment validates; here it would take five seconds for each app.
      builtinCloudFormationValidation: false,
    });
    const config = parseConfig(
      { ...readConfig(join(configs, `${environment}.json`)), ...options.changes },
      environment,
    );
    const { storage, lakehouse } = letheStacks(app, {
      config,
      pipelines,
      code: withoutCode,
      pluginZip: join(outdir, 'lethe-connect.zip'),
    });
    const checks = new AwsSolutionsChecks(app);
    const findings: string[] = [];
    if (options.checked) {
      Validations.of(app).addPlugins({
        name: checks.name,
        validate: (context) => {
          const report = checks.validate(context);
          for (const { ruleName, violatingResources } of report.violations) {
            for (const { constructPath, resourceLogicalId } of violatingResources) {
              findings.push(`${ruleName}: ${constructPath ?? resourceLogicalId}`);
            }
          }
          return { ...report, success: true, violations: [] };
        },
      });
    }
    const assembly = app.synth();
    const template = (id: string) => templateShape.parse(assembly.getStackArtifact(id).template);
    return { storage: template(storage.artifactId), lakehouse: template(lakehouse.artifactId), findings };
  } finally {
    rmSync(outdir, { recursive: true });
  }
}

/** Resources of a type, by logical id. */
export function ofType(template: Template, type: string): [string, Resource][] {
  return Object.entries(template.Resources).filter(([, resource]) => resource.Type === type);
}
