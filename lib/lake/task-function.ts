import { join } from 'node:path';
import { CfnResource, Duration } from 'aws-cdk-lib';
import { Architecture, Runtime } from 'aws-cdk-lib/aws-lambda';
import { NodejsFunction, OutputFormat } from 'aws-cdk-lib/aws-lambda-nodejs';
import type { Construct } from 'constructs';

/** Key of a function's template metadata under which the path of its handler stands: the local runner finds it there. */
export const handlerMetadata = 'lethe:handler';

const projectRoot = join(import.meta.dirname, '..', '..');

/** The Lambda function of one task. */
export class TaskFunction extends NodejsFunction {
  /** @param handler path below `lambdas/` without the ending, for example `lake/start-statement`. */
  constructor(scope: Construct, id: string, handler: string) {
    super(scope, id, {
      entry: join(projectRoot, 'lambdas', `${handler}.ts`),
      projectRoot,
      depsLockFilePath: join(projectRoot, 'package-lock.json'),
      runtime: Runtime.NODEJS_24_X,
      architecture: Architecture.ARM_64,
      timeout: Duration.seconds(60),
      memorySize: 512,
      bundling: { format: OutputFormat.ESM, minify: true, sourceMap: true, target: 'node24' },
    });
    const { defaultChild } = this.node;
    if (defaultChild instanceof CfnResource) defaultChild.addMetadata(handlerMetadata, handler);
  }
}
