import { Duration } from 'aws-cdk-lib';
import { JitterType, type TaskStateBase } from 'aws-cdk-lib/aws-stepfunctions';

/** Errors of the services behind a task, beyond what their clients try again, that can pass. All others are final. */
const passingErrors = [
  'TooManyRequestsException',
  'ThrottlingException',
  'ThrottledException',
  'ProvisionedThroughputExceededException',
  'RequestLimitExceeded',
  'InternalServerException',
  'InternalServerError',
  'ServiceUnavailable',
  'TimeoutError',
  // Lambda's own, when too many functions run at once.
  'Lambda.TooManyRequestsException',
  // A function that died or took too long: every task may run twice, and finds the statement that it had started.
  'Lambda.Unknown',
  'Runtime.ExitError',
  'Sandbox.Timedout',
] as const;

/** Lets a task be tried again, by itself and not its whole run, after an error that can pass. */
export function retriedWhilePassing<T extends TaskStateBase>(task: T): T {
  task.addRetry({
    errors: [...passingErrors],
    interval: Duration.seconds(2),
    maxAttempts: 5,
    backoffRate: 2,
    jitterStrategy: JitterType.FULL,
  });
  return task;
}
