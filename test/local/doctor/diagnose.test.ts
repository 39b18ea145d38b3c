import { icebergProperties } from '../../../core/catalogue/iceberg-properties.ts';
import { icebergType } from '../../../core/catalogue/migration.ts';
import { pipelines } from '../../../core/pipelines.ts';
import { parseConfig } from '../../../lib/config.ts';
import { deploymentOf } from '../../../lib/deployment-of.ts';
import { runbookAnchor } from '../../../lib/monitoring/lake-alarms.ts';
import { diagnose, doctorClients } from '../../../local/doctor/diagnose.ts';
import { type Asked, answering } from '../../lambdas/lake/answering.ts';

const now = new Date('2026-03-10T12:00:00Z');
const tables = new Map(pipelines.flatMap((pipeline) => pipeline.tables).map((table) => [table.name, table]));

const inputOf = (asked: Asked, key: string) =>
  String(Object.entries(asked.input ?? {}).find(([name]) => name === key)?.[1]);

function metadataOf(name: string): string {
  const table = tables.get(name);
  if (table === undefined) throw new Error(`no table ${name}`);
  const fields = table.columns.map((column, index) => ({
    id: index + 1,
    name: column.name,
    required: false,
    type: icebergType(column.type),
  }));
  const source = (column: string) => fields.find((field) => field.name === column)?.id;
  return JSON.stringify({
    location: `s3://lake/tables/${name}`,
    'current-schema-id': 0,
    schemas: [{ 'schema-id': 0, fields }],
    'default-spec-id': 0,
    'partition-specs': [
      {
        'spec-id': 0,
        fields: table.partition.map((part) => ({
          'source-id': source(part.column),
          name: part.column,
          transform: part.transform,
        })),
      },
    ],
    properties: {
      ...icebergProperties(table),
      optimize_rewrite_delete_file_threshold: '1',
      optimize_rewrite_data_file_threshold: '1',
      vacuum_max_snapshot_age_seconds: '86400',
      vacuum_min_snapshots_to_keep: '1',
    },
  });
}

/** An alarm as it is deployed. */
const alarm = (environment: string, name: string, state: 'OK' | 'ALARM') => ({
  AlarmName: `${environment}-${name}`,
  AlarmDescription: `Something is the matter. What to do: ${runbookAnchor(name)}`,
  StateValue: state,
});

/** What AWS answers about a deployment where all is well. */
function answerWell(asked: Asked): unknown {
  switch (asked.operation) {
    case 'ListClustersV2':
      return {
        ClusterInfoList: [{ ClusterName: 'lethe', ClusterArn: 'arn:aws:kafka:eu-central-1:1:cluster/lethe/x' }],
      };
    case 'DescribeClusterV2':
      return { ClusterInfo: { State: 'ACTIVE' } };
    case 'DescribeTopic':
      return {
        PartitionCount: 1,
        Configs: Buffer.from(JSON.stringify({ 'retention.ms': '172800000', 'segment.ms': '10800000' })).toString(
          'base64',
        ),
      };
    case 'ListConnectors':
      return { connectors: [{ connectorName: 'lethe', connectorState: 'RUNNING' }] };
    case 'GetWorkGroup':
      return {
        WorkGroup: {
          State: 'ENABLED',
          Configuration: {
            EnforceWorkGroupConfiguration: true,
            ResultConfiguration: { OutputLocation: `s3://results/${inputOf(asked, 'WorkGroup')}/` },
          },
        },
      };
    case 'GetBucketLifecycleConfiguration':
      return { Rules: [{ Status: 'Enabled', Expiration: { Days: 1 } }] };
    case 'GetTable':
      return {
        Table: {
          Parameters: { metadata_location: `s3://lake/${inputOf(asked, 'Name')}` },
          UpdateTime: new Date('2026-03-10T11:55:00Z'),
        },
      };
    case 'GetObject':
      return { Body: { transformToString: async () => metadataOf(inputOf(asked, 'Key')) } };
    case 'ListSchedules':
      return { Schedules: [{ Name: 'silver-daily' }, { Name: 'report-state' }] };
    case 'GetSchedule':
      return inputOf(asked, 'Name') === 'report-state'
        ? { State: 'ENABLED', Target: { Arn: 'arn:aws:lambda:eu-central-1:1:function:report' } }
        : { State: 'ENABLED', Target: { Arn: 'arn:aws:states:eu-central-1:1:stateMachine:silver' } };
    case 'ListExecutions':
      return { executions: [{ status: 'SUCCEEDED', executionArn: 'arn:run' }] };
    case 'DescribeAlarms':
      return { MetricAlarms: [alarm('lethe', 'period-late', 'OK')] };
    default:
      throw new Error(`nobody expected ${asked.operation}`);
  }
}

async function findings(change: (asked: Asked) => unknown = () => undefined, config: Record<string, unknown> = {}) {
  const clients = doctorClients('eu-central-1');
  const answer = (asked: Asked) => change(asked) ?? answerWell(asked);
  for (const client of Object.values(clients)) answering(client, answer);
  const deployment = deploymentOf(parseConfig({ kafka: { kind: 'provisioned' }, ...config }, 'here'), pipelines);
  return diagnose(deployment, clients, now);
}

const lines = (of: Awaited<ReturnType<typeof findings>>) =>
  of.map(({ what, state, says }) => `${state} ${what}: ${says}`);

test('a deployment where all is well has no fault and nothing to do', async () => {
  const found = await findings();
  expect(found.filter(({ state }) => state !== 'well')).toEqual([]);
  expect(lines(found)).toContain('well table gold_time_series: is as declared');
  expect(lines(found)).toContain('well table bronze_chat_events: was committed to 5 minutes ago');
});

const notFound = (name: string) => {
  throw Object.assign(new Error('no'), { name });
};

test.each<[string, (asked: Asked) => unknown, string]>([
  [
    'a connector that failed',
    ({ operation }) =>
      operation === 'ListConnectors'
        ? { connectors: [{ connectorName: 'lethe', connectorState: 'FAILED' }] }
        : undefined,
    'fault connector: is FAILED',
  ],
  [
    'a topic that keeps records longer than it says',
    ({ operation }) =>
      operation === 'DescribeTopic'
        ? { PartitionCount: 1, Configs: Buffer.from('{"retention.ms":"172800000"}').toString('base64') }
        : undefined,
    'warning topic athena-user-chat-analytics-v0: keeps records for up to 9 days',
  ],
  [
    'a topic that keeps records too long',
    ({ operation }) =>
      operation === 'DescribeTopic'
        ? { PartitionCount: 1, Configs: Buffer.from('{"retention.ms":"1209600000"}').toString('base64') }
        : undefined,
    'fault topic athena-user-chat-analytics-v0: keeps records for 14 days',
  ],
  [
    'a table that is not there',
    ({ operation, input }) =>
      operation === 'GetTable' && JSON.stringify(input).includes('silver_messages')
        ? notFound('EntityNotFoundException')
        : undefined,
    'fault table silver_messages: cannot be looked at (EntityNotFoundException)',
  ],
  [
    'a table that has lost what erasure needs',
    (asked) =>
      asked.operation === 'GetObject' && inputOf(asked, 'Key') === 'silver_messages'
        ? {
            Body: {
              transformToString: async () =>
                metadataOf('silver_messages').replace('"commit.manifest.min-count-to-merge":"2",', ''),
            },
          }
        : undefined,
    'fault table silver_messages: lags behind its declaration: commit.manifest.min-count-to-merge',
  ],
  [
    'a table with a column of a version that was rolled back',
    (asked) =>
      asked.operation === 'GetObject' && inputOf(asked, 'Key') === 'silver_messages'
        ? {
            Body: {
              transformToString: async () =>
                metadataOf('silver_messages').replace(
                  /\}\]\}\]/,
                  '},{"id":99,"name":"language","required":false,"type":"string"}]}]',
                ),
            },
          }
        : undefined,
    'warning table silver_messages: has columns that are not declared: language',
  ],
  [
    'a workgroup that does not enforce its settings',
    ({ operation }) =>
      operation === 'GetWorkGroup' ? { WorkGroup: { State: 'ENABLED', Configuration: {} } } : undefined,
    'fault workgroup lethe-analysts: lets each query choose where its results go',
  ],
  [
    'answers of queries that stay',
    ({ operation }) => (operation === 'GetBucketLifecycleConfiguration' ? { Rules: [] } : undefined),
    'fault workgroup lethe-analysts: keeps its answers for longer than a day',
  ],
  [
    'a schedule that somebody has disabled',
    ({ operation }) => (operation === 'GetSchedule' ? { State: 'DISABLED' } : undefined),
    'fault schedule silver-daily: is disabled',
  ],
  [
    'a run that failed',
    ({ operation }) =>
      operation === 'ListExecutions' ? { executions: [{ status: 'FAILED', executionArn: 'arn:run' }] } : undefined,
    'fault last run of silver: failed',
  ],
  [
    'an alarm that fires',
    ({ operation }) =>
      operation === 'DescribeAlarms' ? { MetricAlarms: [alarm('lethe', 'workflow-failed-2', 'ALARM')] } : undefined,
    'fault alarm lethe-workflow-failed-2: fires',
  ],
  [
    'nothing deployed yet',
    ({ operation }) => (operation === 'ListClustersV2' ? { ClusterInfoList: [] } : undefined),
    'fault cluster: there is none named lethe',
  ],
  [
    'missing permissions',
    ({ operation }) => (operation === 'ListSchedules' ? notFound('AccessDeniedException') : undefined),
    'fault schedules: cannot be looked at (AccessDeniedException)',
  ],
])('%s is found, with what to do', async (_, change, expected) => {
  const found = await findings(change);
  expect(lines(found)).toContain(expected);
  for (const { state, remedy } of found) if (state !== 'well') expect(remedy).toMatch(/\.$|arn:run$/);
});

test('alarms are all looked at, however many there are, and those of another environment are left to it', async () => {
  const found = await findings(({ operation, input }) => {
    if (operation !== 'DescribeAlarms') return undefined;
    return JSON.stringify(input).includes('"NextToken":"more"')
      ? { MetricAlarms: [alarm('lethe', 'workflow-failed-2', 'ALARM')] }
      : { MetricAlarms: [alarm('lethe-prod', 'period-late', 'ALARM')], NextToken: 'more' };
  });
  expect(found.filter(({ what }) => what.startsWith('alarm'))).toEqual([
    expect.objectContaining({ what: 'alarm lethe-workflow-failed-2', remedy: 'See docs/runbook.md#workflow-failed.' }),
  ]);
  const others = await findings(({ operation }) =>
    operation === 'DescribeAlarms' ? { MetricAlarms: [alarm('lethe-prod', 'period-late', 'OK')] } : undefined,
  );
  expect(lines(others)).toContain('fault alarms: there are none');
});

test('a bucket that was there is looked at with all the rest', async () => {
  const found = await findings(
    ({ operation }) => (operation === 'GetBucketVersioning' ? { Status: 'Enabled' } : undefined),
    { lakeBucket: 'ours' },
  );
  expect(lines(found)).toContain('fault bucket ours: keeps what is deleted as a version');
});

test('a connector that is removed, and topics that MSK Serverless does not show, are worth a look', async () => {
  const removed = await findings(undefined, { connector: { state: 'removed' } });
  expect(lines(removed)).toContain('warning connector: is removed by the configuration: nothing reaches bronze');
  const serverless = await findings(undefined, { kafka: { kind: 'serverless' } });
  expect(lines(serverless)).toContain('warning topics: MSK Serverless does not show its topics');
});
