import { CfnResource, Duration, RemovalPolicy } from 'aws-cdk-lib';
import { Architecture, Function as LambdaFunction, LoggingFormat, Runtime, Tracing } from 'aws-cdk-lib/aws-lambda';
import { LogGroup, type RetentionDays } from 'aws-cdk-lib/aws-logs';
import type { Construct } from 'constructs';
import type { TaskCode } from './task-code.ts';

/** Key of a function's template metadata under which the path of its handler stands: the local runner finds it there. */
export const handlerMetadata = 'lethe:handler';

/** What all functions of a stack have in common. */
export interface TaskSurroundings {
  readonly code: TaskCode;
  readonly logRetention: RetentionDays;
}

export interface TaskFunctionProps extends TaskSurroundings {
  /** Path below `lambdas/` without the ending, for example `lake/start-statement`. */
  readonly handler: string;
  readonly environment?: Record<string, string>;
  /** Default: a minute, of which a task that waits for a statement spends five seconds and all others less than one. */
  readonly timeout?: Duration;
  /** Default 512. */
  readonly memoryMiB?: number;
}

/** The Lambda function of one task, with a role and a log of its own. */
export class TaskFunction extends LambdaFunction {
  constructor(scope: Construct, id: string, props: TaskFunctionProps) {
    super(scope, id, {
      code: props.code(props.handler),
      handler: 'index.handler',
      description: `lambdas/${props.handler}.ts`,
      runtime: Runtime.NODEJS_24_X,
      architecture: Architecture.ARM_64,
      timeout: props.timeout ?? Duration.minutes(1),
      // Measured: 78 to 112 MB once started, by 0.2 to 0.3 s of a processor (docs/limits.md). Less memory would be less of
      // a processor than the quarter that this is, and the tasks wait for others nearly all of their time anyway.
      memorySize: props.memoryMiB ?? 512,
      tracing: Tracing.ACTIVE,
      loggingFormat: LoggingFormat.JSON,
      logGroup: new LogGroup(scope, `${id}Logs`, {
        retention: props.logRetention,
        removalPolicy: RemovalPolicy.DESTROY,
      }),
      environment: {
        NODE_OPTIONS: '--enable-source-maps',
        // What a statement answers holds counts, but a trace is no place for them either.
        POWERTOOLS_TRACER_CAPTURE_RESPONSE: 'false',
        POWERTOOLS_TRACER_CAPTURE_ERROR: 'false',
        POWERTOOLS_LOGGER_LOG_EVENT: 'false',
        ...props.environment,
      },
    });
    const { defaultChild } = this.node;
    if (defaultChild instanceof CfnResource) defaultChild.addMetadata(handlerMetadata, props.handler);
  }
}
