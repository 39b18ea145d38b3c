/** Why a finding of AwsSolutions stands: for the constructs and findings that match. */
export interface Explanation {
  readonly finding: RegExp;
  readonly reason: string;
}

export const explanations: readonly Explanation[] = [
  {
    finding: /^AwsSolutions-IAM4\[.*AWSLambdaBasicExecutionRole\]: /,
    reason: 'The policy lets a function write its log, and nothing else.',
  },
  {
    finding:
      /^AwsSolutions-IAM5\[Resource::\*\]: Lakehouse\/(Tasks|Workflows|Tables|Brokers|Erasures|ErasureRequests)\//,
    reason:
      'X-Ray takes segments, CloudWatch gives metrics and Step Functions delivers logs without naming a resource.',
  },
  {
    finding:
      /^AwsSolutions-IAM5\[Resource::<.+\.Arn>:\*\]: Lakehouse\/(Workflows\/|Erasures\/|Tables\/|Brokers\/|SchedulerRoleForTarget-)/,
    reason:
      'A state machine, a schedule, and the CDK’s own function, may call a function of ours in any of its versions.',
  },
  {
    finding:
      /^AwsSolutions-IAM5\[Resource::arn:(<AWS::Partition>|aws):states:.*:execution:.*\]: Lakehouse\/(Workflows|Erasures)\//,
    reason: 'The names of the runs that a state machine starts are drawn when it starts them.',
  },
  {
    finding: /^AwsSolutions-IAM5\[Resource::.*\/(tables\/[a-z_]+|[a-z-]+-(pipeline|analysts|compliance))\/\*\]: /,
    reason: 'Athena and the sink draw the names of objects at random, below the prefix of one table or workgroup.',
  },
  {
    finding: /^AwsSolutions-IAM5\[Resource::arn:[^\]]*:log-group:\/aws-glue\/\*\]: Lakehouse\/ManifestJob\//,
    reason: 'Glue makes its groups of logs itself, by names of its own below /aws-glue/.',
  },
  {
    finding: /^AwsSolutions-GL[13]: Lakehouse\/ManifestJob\/Job$/,
    reason: 'The job keeps no bookmark, and its log says which table it was started for and nothing of what is in it.',
  },
  {
    finding: /^AwsSolutions-IAM5\[Resource::\*\]: Lakehouse\/Roles\/Compliance\//,
    reason: 'DynamoDB lists tables, by name, without naming one: that is how `lethe requests --env` finds its own.',
  },
  {
    finding: /^AwsSolutions-IAM5\[Resource::.*Evidence.*\/\*\]: Lakehouse\/Roles\/Compliance\//,
    reason: 'Compliance reads all evidence: one object for each batch.',
  },
  {
    finding:
      /^AwsSolutions-IAM5\[Resource::.*(\/erasures\/(subjects|condemned)|Evidence.*)\/\*\]: Lakehouse\/(Erasures\/Tasks|Tasks\/LakeStartStatement)\//,
    reason:
      'Batches are named when they are opened: their people, their files and their evidence are objects of those names.',
  },
  {
    finding: /^AwsSolutions-IAM5\[Resource::arn:[^\]]*:kafka:[^\]]*\]: Lakehouse\/Connector\/Role\//,
    reason: 'MSK Connect and the sink put random parts into the names of their topics, groups and transactions.',
  },
  {
    finding: /^AwsSolutions-SQS3: Lakehouse\/(Schedules|ErasureBus)\/DeadLetters\//,
    reason: 'They are the dead-letter queues.',
  },
];
