import { CustomResource, Duration } from 'aws-cdk-lib';
import { Provider } from 'aws-cdk-lib/custom-resources';
import { Construct } from 'constructs';
import { TaskFunction, type TaskSurroundings } from './task-function.ts';

export interface DeployTaskProps extends TaskSurroundings {
  /** Path below `lambdas/` without the ending. */
  readonly handler: string;
  /** What it is told. It runs again when any of this changes. */
  readonly properties: Record<string, string>;
}

/** A task that runs while the app is deployed; the deployment waits for it and fails with it. */
export class DeployTask extends Construct {
  readonly function: TaskFunction;
  readonly resource: CustomResource;

  constructor(scope: Construct, id: string, props: DeployTaskProps) {
    super(scope, id);
    this.function = new TaskFunction(this, 'Function', { ...props, timeout: Duration.minutes(15) });
    const provider = new Provider(this, 'Provider', { onEventHandler: this.function });
    this.resource = new CustomResource(this, 'Resource', {
      serviceToken: provider.serviceToken,
      resourceType: 'Custom::LetheDeployTask',
      properties: props.properties,
    });
  }
}
