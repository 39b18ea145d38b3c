import { Code } from 'aws-cdk-lib/aws-lambda';

/** Where the code of a handler, by its path below `lambdas/`, comes from. */
export type TaskCode = (handler: string) => Code;

/** No code: for definitions that nobody deploys. Bundling takes longer than all the rest. */
export const withoutCode: TaskCode = () => Code.fromInline('exports.handler = async () => {};');
