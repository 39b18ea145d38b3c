import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { InputError } from '../core/errors.ts';
import { minutesUntilCommitted } from '../core/ingest/commit-delay.ts';
import { settingsSchema } from '../core/settings.ts';

/** Kafka keeps three copies, one in each zone. */
export const zonesOfCreatedNetwork = 3;

const arn = (service: string) =>
  z.string().regex(new RegExp(`^arn:aws[a-z-]*:${service}:`), `must be an ARN of ${service}`);
const clock = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/, 'must be a time of day, HH:MM');

/** Scheduler takes names of the IANA's database alone, where JavaScript also knows `+02:00` and names in any case. */
function isTimeZone(name: string): boolean {
  try {
    if (!/^[A-Z]/.test(name)) return false;
    return new Intl.DateTimeFormat('en-US', { timeZone: name }).resolvedOptions().timeZone !== '';
  } catch {
    return false;
  }
}

const noKafka = z
  .strictObject({ kind: z.literal('none') })
  .describe('No Kafka and no connector: something else fills bronze, and is done with a day when silver starts on it.');
const existingKafka = z
  .strictObject({
    kind: z.literal('existing'),
    clusterArn: arn('kafka').describe('ARN of the cluster.'),
    clusterType: z.enum(['provisioned', 'serverless']).default('provisioned').describe('What it is.'),
    manageTopics: z
      .boolean()
      .default(false)
      .describe('Create the topics too. Default: they are there, the control topic among them.'),
  })
  .describe('An MSK cluster that is there; `network` has to name its subnets.');
const provisionedKafka = z
  .strictObject({
    kind: z.literal('provisioned'),
    kafkaVersion: z.string().default('3.9.x').describe('Version of Apache Kafka.'),
    instanceType: z.string().default('kafka.m7g.large').describe('Type of the brokers.'),
    brokers: z.int().min(2).max(30).default(3).describe('Number of brokers, a multiple of the number of subnets.'),
    volumeGiB: z.int().min(10).max(16_384).default(100).describe('Disk of each broker.'),
  })
  .describe('A new provisioned MSK cluster.');
const serverlessKafka = z
  .strictObject({ kind: z.literal('serverless') })
  .describe('A new MSK Serverless cluster; its topics have to be made with a Kafka client.');

/** Everything that an operator decides about one environment. Unknown keys are errors. */
export const configSchema = settingsSchema.extend({
  name: z
    .string()
    .regex(/^[a-z][a-z0-9-]{0,19}$/, 'must be at most 20 lower-case letters, digits and hyphens')
    .default('lethe')
    .describe('Prefix of all names; tells environments in one account apart. It cannot be changed later.'),
  account: z
    .string()
    .regex(/^\d{12}$/, 'must be the 12 digits of an AWS account')
    .optional()
    .describe("AWS account. Default: the one of the caller's credentials."),
  region: z.string().optional().describe("AWS region. Default: the one of the caller's credentials."),
  production: z
    .boolean()
    .default(false)
    .describe('Evidence of erasures is locked in compliance mode for 24 months; else in governance mode for a day.'),
  throwAway: z
    .boolean()
    .default(false)
    .describe('Data goes with the stacks. Default: it is kept, and the storage stack is protected from deletion.'),
  tags: z
    .record(z.string(), z.string())
    .refine((tags) => !('application' in tags || 'environment' in tags), {
      error: 'may not name "application" or "environment", by which the budget knows what is ours; choose other names',
    })
    .default({})
    .describe('Tags of every resource, beside `application` and `environment`, which it has anyway.'),
  permissionsBoundary: arn('iam').optional().describe('Policy that bounds every role. Default: none.'),
  keys: z
    .strictObject({
      lake: arn('kms').optional().describe('Encrypts tables, results and ledgers. Default: one is created.'),
      vault: arn('kms')
        .optional()
        .describe(
          'Encrypts the identities of open erasures, and the bus that requests come in on: its policy has to let EventBridge use it. Default: one is created.',
        ),
      pseudonym: arn('kms')
        .optional()
        .describe('HMAC_256 key that makes the pseudonyms of erased people. Default: one is created.'),
      signing: arn('kms')
        .optional()
        .describe('ECC_NIST_P256 key that signs the evidence of erasures. Default: one is created.'),
      alerts: arn('kms')
        .optional()
        .describe(
          'Encrypts notifications of alarms; its policy has to let CloudWatch and Budgets use it. Default: one is created.',
        ),
    })
    .prefault({})
    .describe('Existing KMS keys.'),
  lakeBucket: z
    .string()
    .min(3)
    .max(63)
    .optional()
    .describe('Name of an existing, unversioned bucket for the tables. Default: one is created.'),
  network: z
    .strictObject({
      vpcId: z.string().regex(/^vpc-/, 'must be the id of a VPC').describe('The VPC.'),
      subnetIds: z
        .array(z.string().regex(/^subnet-/, 'must be the id of a subnet'))
        .min(2)
        .describe('Private subnets, one in each zone; they need a way to S3 and Glue.'),
      securityGroupIds: z
        .array(z.string().regex(/^sg-/, 'must be the id of a security group'))
        .optional()
        .describe('Security groups that may reach the cluster. Default: one is created.'),
    })
    .optional()
    .describe('Existing network of Kafka and the connector. Default: a VPC is created where one is needed.'),
  kafka: z
    .discriminatedUnion('kind', [noKafka, existingKafka, provisionedKafka, serverlessKafka])
    .default({ kind: 'none' })
    .describe('Where records come from.'),
  topicLayout: z
    .strictObject({
      partitions: z.int().min(1).max(200).default(3).describe('Partitions of each topic.'),
      replicationFactor: z.int().min(1).max(3).default(3).describe('Copies of each partition.'),
      retentionDays: z
        .int()
        .min(1)
        .max(7)
        .default(7)
        .describe('Days that Kafka keeps a record. Erasure is not complete before they have passed: 7 at most.'),
    })
    .prefault({})
    .describe('How the topics are made.'),
  recordsPerDay: z
    .int()
    .min(1)
    .default(10_000_000)
    .describe('Records that come in a day, of all topics together; the alarm `connector-lag` reckons with it.'),
  connector: z
    .strictObject({
      state: z
        .enum(['running', 'removed'])
        .default('running')
        .describe('`removed` takes the connector down, as before a new plugin; its place in Kafka is kept.'),
      workers: z.int().min(1).max(10).default(1).describe('Workers.'),
      mcuCount: z
        .union([z.literal(1), z.literal(2), z.literal(4), z.literal(8)])
        .default(1)
        .describe('Size of each.'),
      // A task without records makes every commit wait for its time-out, and keeps the sink from saying how far it is.
      tasks: z.int().min(1).max(20).default(1).describe('Tasks, at most one for each partition.'),
      // On a quiet night a day is known to be read once its last record is committed, and two commits and five minutes
      // later: with more than 35, silver could not start on it at 02:00.
      commitMinutes: z.int().min(1).max(35).default(5).describe('Minutes between commits to bronze.'),
    })
    .prefault({})
    .describe('The connector from Kafka to bronze.'),
  schedule: z
    .strictObject({
      enabled: z.boolean().default(true).describe('Whether workflows start by themselves.'),
      timeZone: z
        .string()
        .refine(isTimeZone, 'must be the name of a time zone, as Europe/Berlin')
        .default('UTC')
        .describe(
          'Time zone of the times. Days are UTC all the same: silver has to start after 00:00 UTC, in summer too, and weeks and months an hour after it: in Berlin at 04:00, 06:00 and 07:00.',
        ),
      at: z
        .record(z.string(), clock)
        .default({})
        .describe('Times by workflow, as `{"silver-daily": "02:30"}`; gold-daily follows silver-daily.'),
    })
    .prefault({})
    .describe('When workflows start.'),
  scanLimits: z
    .strictObject({
      pipelineGiB: z.int().min(1).default(1_000).describe('One statement of the pipeline.'),
      analystsGiB: z.int().min(1).default(100).describe('One query of an analyst.'),
      complianceGiB: z.int().min(1).default(100).describe('One query of a compliance officer.'),
    })
    .prefault({})
    .describe('Most data that one statement may read.'),
  alarms: z
    .strictObject({
      emails: z
        .array(z.email())
        .default([])
        .describe(
          'Who is told of alarms, by e-mail, after confirming once. Default: nobody; the topic is there all the same.',
        ),
      builtWithinHours: z
        .int()
        .min(1)
        .max(48)
        .default(6)
        .describe('Hours after its end within which a day, week or month has to be built.'),
      bronzeBehindMinutes: z.int().min(30).default(90).describe('How far bronze may be behind Kafka.'),
      recordsWaiting: z
        .int()
        .min(1)
        .optional()
        .describe(
          'Records that may wait in Kafka for half an hour. Default: those of `recordsPerDay` that come, three times as fast as on average, in the time until they are committed: twice `connector.commitMinutes` and five minutes; 312,500 with all defaults.',
        ),
      statementMinutes: z
        .int()
        .min(1)
        .max(30)
        .default(20)
        .describe('How long a statement may take; Athena ends it after 30.'),
      statementGiB: z.int().min(1).default(100).describe('How much a statement may read before somebody is told.'),
      athenaDollarsPerDay: z.number().positive().default(10).describe("What a day's statements may cost."),
      rejectedPercent: z.number().min(0).max(100).default(5).describe('Share of records that may be rejected.'),
      oldestRequestDays: z.int().min(1).default(25).describe('How old an open request for erasure may become.'),
    })
    .prefault({})
    .describe('When somebody is told.'),
  monthlyBudgetDollars: z
    .number()
    .positive()
    .optional()
    .describe(
      'AWS budget of everything tagged with this environment: told at 80 % of it, and when the forecast exceeds it. Default: there is none.',
    ),
  logRetentionDays: z
    .union([z.literal(7), z.literal(14), z.literal(30), z.literal(90), z.literal(365)])
    .default(30)
    .describe('Days that logs are kept.'),
});

export type Config = z.infer<typeof configSchema>;
export type Kafka = Config['kafka'];

/** The file of an environment. @throws InputError when the name could not be one. */
export function environmentFile(environment: unknown): string {
  if (typeof environment !== 'string' || !/^[a-z0-9-]+$/.test(environment)) {
    throw new InputError('An environment is named by a file of config/, without its ending, as in -c env=dev.');
  }
  return join(import.meta.dirname, '..', 'config', `${environment}.json`);
}

/** Reads the configuration of an environment. @throws InputError naming the file, the key and what is wrong with it. */
export function readConfig(file: string): Config {
  return parseConfig(read(file), file);
}

/** Checks a configuration. @param source what to call it in errors. @throws InputError as {@link readConfig}. */
export function parseConfig(input: unknown, source: string): Config {
  const parsed = configSchema.safeParse(input);
  if (!parsed.success) throw new InputError(`${source}: ${z.prettifyError(parsed.error).replaceAll(/\s*\n\s*/g, ' ')}`);
  const config = parsed.data;
  const { kafka, network } = config;
  if (kafka.kind === 'existing' && network === undefined) {
    throw new InputError(`${source}: "kafka" names an existing cluster: name its subnets in "network".`);
  }
  if (kafka.kind === 'existing' && kafka.clusterType === 'serverless' && kafka.manageTopics) {
    throw new InputError(`${source}: MSK Serverless has no interface for topics: leave "manageTopics" out.`);
  }
  if (kafka.kind === 'provisioned' && config.topicLayout.replicationFactor > kafka.brokers) {
    throw new InputError(`${source}: "topicLayout.replicationFactor" is more than there are brokers.`);
  }
  // https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-properties-msk-cluster-brokernodegroupinfo.html
  const subnets = network?.subnetIds.length ?? zonesOfCreatedNetwork;
  if (kafka.kind === 'provisioned' && kafka.brokers % subnets !== 0) {
    throw new InputError(
      `${source}: "kafka.brokers" is ${kafka.brokers}, and has to be a multiple of the ${subnets} subnets.`,
    );
  }
  if ((kafka.kind === 'provisioned' || kafka.kind === 'serverless') && !network && config.region === 'us-west-1') {
    throw new InputError(
      `${source}: MSK takes two zones in us-west-1, and a created VPC has three: name yours in "network".`,
    );
  }
  // A moment without lag counts once it is committed, and between two commits there may be none.
  const usuallyBehind = minutesUntilCommitted(config.connector.commitMinutes) + config.connector.commitMinutes;
  if (kafka.kind !== 'none' && config.alarms.bronzeBehindMinutes < usuallyBehind) {
    throw new InputError(
      `${source}: with "connector.commitMinutes" ${config.connector.commitMinutes} bronze may be ${usuallyBehind} minutes behind without a fault: set "alarms.bronzeBehindMinutes" to that or more.`,
    );
  }
  return config;
}

function read(file: string): unknown {
  if (!existsSync(file)) {
    throw new InputError(
      `${file}: there is no such environment; copy one of the files beside it, or name another with -c env=NAME.`,
    );
  }
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch {
    throw new InputError(`${file}: is not JSON; write an object such as {"retentionDays": 45}.`);
  }
}
