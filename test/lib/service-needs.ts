import { z } from 'zod';
import { baseTables, derivedTables } from '../../core/dsr/targets.ts';
import { pipelines } from '../../core/pipelines.ts';
import { type Places, peopleNeeds, statementNeeds } from './needs.ts';
import type { Need } from './policies.ts';
import { textOf } from './policies.ts';
import { ofType, type SynthesizedApp } from './synthesized-app.ts';

type Wanted = Omit<Need, 'role'>;

/** What the services that act in somebody else's name need, read from the definitions of what they do. */
export function serviceNeeds(app: SynthesizedApp, places: Places): Need[] {
  return [
    ...machineNeeds(app, places),
    ...scheduleNeeds(app),
    ...ruleNeeds(app),
    ...providerNeeds(app),
    ...connectorNeeds(app, places),
    ...jobNeeds(app, places),
    ...peopleNeeds(app, places),
  ];
}

const asRole = (value: unknown, { storage }: SynthesizedApp) => textOf(value, storage).slice(1, -1);
const all = (actions: readonly string[], resource: string): Wanted[] => actions.map((action) => ({ action, resource }));

/** A job that writes manifests reads and commits to the tables that people are erased from, and writes Glue's own logs. */
function jobNeeds(app: SynthesizedApp, places: Places): Need[] {
  const tables = pipelines.flatMap((pipeline) => [
    ...baseTables(pipeline).map(({ table }) => table.name),
    ...derivedTables(pipeline).map(({ name }) => name),
  ]);
  return ofType(app.lakehouse, 'AWS::Glue::Job').flatMap(([, { Properties }]) => {
    const { ScriptLocation } = z.object({ ScriptLocation: z.unknown() }).parse(Properties.Command);
    const wanted = [
      // Whoever commits to a table reads and writes what OPTIMIZE does.
      ...tables.flatMap((table) => statementNeeds(`optimize ${table}`, places)),
      ...all(['s3:GetObject'], textOf(ScriptLocation, app.storage).replace('s3://', 'arn:aws:s3:::')),
      ...all(
        ['logs:CreateLogGroup', 'logs:CreateLogStream', 'logs:PutLogEvents'],
        `arn:aws:logs:${places.account}:log-group:/aws-glue/jobs/error`,
      ),
    ];
    return wanted.map((need) => ({ ...need, role: asRole(Properties.Role, app) }));
  });
}

/** What Step Functions asks for to write its log and its traces: AWS's guide names these, for any resource. */
const observing = [
  ...['CreateLogDelivery', 'GetLogDelivery', 'UpdateLogDelivery', 'DeleteLogDelivery', 'ListLogDeliveries'].map(
    (action) => `logs:${action}`,
  ),
  ...['PutResourcePolicy', 'DescribeResourcePolicies', 'DescribeLogGroups'].map((action) => `logs:${action}`),
  ...['PutTraceSegments', 'PutTelemetryRecords', 'GetSamplingRules', 'GetSamplingTargets'].map(
    (action) => `xray:${action}`,
  ),
];

function machineNeeds(app: SynthesizedApp, { account }: Places): Need[] {
  return ofType(app.lakehouse, 'AWS::StepFunctions::StateMachine').flatMap(([, { Properties }]) => {
    const definition = textOf(Properties.DefinitionString, app.storage);
    const functions = new Set([...definition.matchAll(/"Resource":"(<[A-Za-z0-9]+>)"/g)].map(([, id]) => id ?? ''));
    const nested = new Set([...definition.matchAll(/"StateMachineArn":"(<[A-Za-z0-9]+>)"/g)].map(([, id]) => id ?? ''));
    const jobs = new Set([...definition.matchAll(/"JobName":"([^"]+)"/g)].map(([, name]) => name ?? ''));
    const wanted = [
      ...[...functions].flatMap(invoking),
      // A job that is waited for is looked at, and stopped with the run.
      ...[...jobs].flatMap((job) =>
        all(
          ['StartJobRun', 'GetJobRun', 'GetJobRuns', 'BatchStopJobRun'].map((use) => `glue:${use}`),
          `arn:aws:glue:${account}:job/${job}`,
        ),
      ),
      // A state machine that waits for another looks at its run, may stop it, and is told of its end by a rule of AWS's own.
      ...[...nested].flatMap((machine) => [
        { action: 'states:StartExecution', resource: machine },
        ...all(['states:DescribeExecution', 'states:StopExecution'], `arn:aws:states:${account}:execution:<part>:run`),
        ...all(
          ['events:PutTargets', 'events:PutRule', 'events:DescribeRule'],
          `arn:aws:events:${account}:rule/StepFunctionsGetEventsForStepFunctionsExecutionRule`,
        ),
      ]),
      ...(Properties.LoggingConfiguration === undefined ? [] : observing.flatMap((action) => all([action], '*'))),
    ];
    return wanted.map((need) => ({ ...need, role: asRole(Properties.RoleArn, app) }));
  });
}

/** The CDK lets whoever may call a function call each of its versions too; there are none but the newest. */
function invoking(resource: string): Wanted[] {
  return [resource, `${resource}:1`].map((one) => ({ action: 'lambda:InvokeFunction', resource: one }));
}

const scheduleTarget = z.object({
  Arn: z.unknown(),
  RoleArn: z.unknown(),
  DeadLetterConfig: z.object({ Arn: z.unknown() }),
});

function scheduleNeeds(app: SynthesizedApp): Need[] {
  return ofType(app.lakehouse, 'AWS::Scheduler::Schedule').flatMap(([, { Properties }]) => {
    const target = scheduleTarget.parse(Properties.Target);
    const arn = textOf(target.Arn, app.storage);
    const wanted = [
      ...startOf(app, arn),
      { action: 'sqs:SendMessage', resource: textOf(target.DeadLetterConfig.Arn, app.storage) },
    ];
    return wanted.map((need) => ({ ...need, role: asRole(target.RoleArn, app) }));
  });
}

function startOf({ lakehouse }: SynthesizedApp, arn: string): Wanted[] {
  const type = lakehouse.Resources[arn.slice(1, -1)]?.Type;
  if (type === 'AWS::Lambda::Function') return invoking(arn);
  return [{ action: 'states:StartExecution', resource: arn }];
}

const ruleTargets = z.array(z.object({ Arn: z.unknown(), RoleArn: z.unknown().optional() }));

/** Rules reach queues by the queue's own policy, and all else by a role. */
function ruleNeeds(app: SynthesizedApp): Need[] {
  return ofType(app.lakehouse, 'AWS::Events::Rule').flatMap(([, { Properties }]) =>
    ruleTargets
      .parse(Properties.Targets)
      .filter(({ RoleArn }) => RoleArn !== undefined)
      .flatMap(({ Arn, RoleArn }) =>
        startOf(app, textOf(Arn, app.storage)).map((need) => ({ ...need, role: asRole(RoleArn, app) })),
      ),
  );
}

const framework = z.object({
  Environment: z.object({ Variables: z.object({ USER_ON_EVENT_FUNCTION_ARN: z.unknown() }) }),
  Role: z.unknown(),
});

/** The CDK's own function around a task of the deployment calls it, once it has seen that it is ready. */
function providerNeeds(app: SynthesizedApp): Need[] {
  return ofType(app.lakehouse, 'AWS::Lambda::Function').flatMap(([, { Properties }]) => {
    const found = framework.safeParse(Properties).data;
    if (found === undefined) return [];
    const target = textOf(found.Environment.Variables.USER_ON_EVENT_FUNCTION_ARN, app.storage);
    const wanted = [...invoking(target), { action: 'lambda:GetFunction', resource: target }];
    return wanted.map((need) => ({ ...need, role: asRole(found.Role, app) }));
  });
}

const connectorShape = z.object({
  ConnectorName: z.string(),
  ServiceExecutionRoleArn: z.unknown(),
  ConnectorConfiguration: z.looseObject({
    topics: z.string(),
    'iceberg.control.topic': z.string(),
    'iceberg.coordinator.transactional.prefix': z.string(),
    'iceberg.tables': z.string(),
  }),
});

/** What the sink and the workers under it do, from the connector's own settings. */
function connectorNeeds(app: SynthesizedApp, places: Places): Need[] {
  return ofType(app.lakehouse, 'AWS::KafkaConnect::Connector').flatMap(([, { Properties }]) => {
    const { ConnectorName, ServiceExecutionRoleArn, ConnectorConfiguration } = connectorShape.parse(Properties);
    const cluster = `events/0c5ab0a9-6c1b-4f0e-9d6e-3f7a1b2c3d4e-5`;
    const kafka = (kind: string, name: string, ...actions: string[]) =>
      all(
        actions.map((action) => `kafka-cluster:${action}`),
        `arn:aws:kafka:${places.account}:${kind}/${cluster}${name === '' ? '' : `/${name}`}`,
      );
    const prefix = ConnectorConfiguration['iceberg.coordinator.transactional.prefix'];
    const topics = ConnectorConfiguration.topics.split(',');
    const tables = ConnectorConfiguration['iceberg.tables'].split(',').map((name) => name.split('.').at(-1) ?? '');
    const wanted = [
      // The coordinator writes in transactions, which are idempotent writes too.
      ...kafka('cluster', '', 'Connect', 'DescribeCluster', 'WriteDataIdempotently'),
      ...kafka(
        'transactional-id',
        `${prefix}coordinator-drawn-at-random`,
        'DescribeTransactionalId',
        'AlterTransactionalId',
      ),
      ...topics.flatMap((topic) => kafka('topic', topic, 'DescribeTopic', 'ReadData')),
      ...kafka('topic', ConnectorConfiguration['iceberg.control.topic'], 'DescribeTopic', 'ReadData', 'WriteData'),
      // Configuration, offsets and status of the workers, which MSK Connect keeps in topics that it makes.
      ...kafka('topic', '__amazon_msk_connect_x', 'CreateTopic', 'DescribeTopic', 'ReadData', 'WriteData'),
      ...[
        '__amazon_msk_connect_x',
        'cg-control-x',
        `connect-${ConnectorName}`,
        `connect-${ConnectorName}-coord`,
      ].flatMap((group) => kafka('group', group, 'AlterGroup', 'DescribeGroup')),
      ...tables.flatMap((table) => appending(table, places)),
    ];
    return wanted.map((need) => ({ ...need, role: asRole(ServiceExecutionRoleArn, app) }));
  });
}

/** A commit of the sink: it reads the table's entry and metadata, writes data and metadata, and changes the entry. */
function appending(table: string, { account, database, lake, key }: Places): Wanted[] {
  const entries = ['catalog', `database/${database}`, `table/${database}/${table}`];
  return [
    ...entries.flatMap((entry) => all(['glue:GetTable', 'glue:UpdateTable'], `arn:aws:glue:${account}:${entry}`)),
    ...all(
      ['s3:GetObject', 's3:PutObject', 's3:DeleteObject', 's3:AbortMultipartUpload'],
      `${lake}/tables/${table}/data/x.parquet`,
    ),
    ...all(['kms:Decrypt', 'kms:GenerateDataKey'], key),
  ];
}
