import { lakeHandlers } from '../../lib/lake/task-access.ts';
import { ofType, synthesizedApp } from './synthesized-app.ts';

const { lakehouse, storage } = synthesizedApp('created-cluster');
const existing = synthesizedApp('existing-cluster');

function only(type: string): Record<string, unknown> {
  const [found, ...others] = ofType(lakehouse, type);
  if (found === undefined || others.length > 0) throw new Error(`not one ${type}`);
  return found[1].Properties;
}

test('the whole app is what it was (a change here is a change of what is deployed)', () => {
  // Hashes of assets differ by where the CDK stands; they say nothing about us.
  const stable = (template: unknown) =>
    JSON.parse(
      JSON.stringify(template)
        .replaceAll(/[0-9a-f]{64}/g, 'HASH')
        .replaceAll(/not-built/g, 'HASH'),
    );
  expect({ storage: stable(storage), lakehouse: stable(lakehouse) }).toMatchSnapshot();
});

test('workgroups enforce where results go, that they are encrypted, and how much a query may read', () => {
  const groups = ofType(lakehouse, 'AWS::Athena::WorkGroup').map(([, { Properties }]) => Properties);
  expect(groups.map(({ Name }) => Name)).toEqual(['lethe-pipeline', 'lethe-analysts', 'lethe-compliance']);
  for (const { WorkGroupConfiguration } of groups) {
    expect(WorkGroupConfiguration).toMatchObject({
      EnforceWorkGroupConfiguration: true,
      PublishCloudWatchMetricsEnabled: true,
      BytesScannedCutoffPerQuery: expect.any(Number),
      EngineVersion: { SelectedEngineVersion: 'Athena engine version 3' },
      ResultConfiguration: { EncryptionConfiguration: { EncryptionOption: 'SSE_KMS' } },
    });
  }
});

test('state machines are traced, and their log leaves out what they work with', () => {
  const machines = ofType(lakehouse, 'AWS::StepFunctions::StateMachine');
  expect(machines.length).toBeGreaterThanOrEqual(6);
  for (const [, { Properties }] of machines) {
    expect(Properties).toMatchObject({
      TracingConfiguration: { Enabled: true },
      LoggingConfiguration: { IncludeExecutionData: false, Level: 'ALL' },
    });
  }
});

test('functions run Node 24 on ARM, each with a role and a log of its own that is kept for 30 days', () => {
  const functions = ofType(lakehouse, 'AWS::Lambda::Function').filter(
    ([, { Metadata }]) => 'lethe:handler' in Metadata,
  );
  expect(functions.map(([, { Metadata }]) => Metadata['lethe:handler'])).toEqual(
    expect.arrayContaining([...lakeHandlers, 'lake/migrate-tables', 'ingest/bootstrap-brokers']),
  );
  const roles = new Set<string>();
  const logs = new Set<string>();
  for (const [, { Properties }] of functions) {
    expect(Properties).toMatchObject({
      Runtime: 'nodejs24.x',
      Architectures: ['arm64'],
      TracingConfig: { Mode: 'Active' },
      LoggingConfig: { LogFormat: 'JSON' },
    });
    roles.add(JSON.stringify(Properties.Role));
    logs.add(JSON.stringify(Properties.LoggingConfig));
  }
  expect([roles.size, logs.size]).toEqual([functions.length, functions.length]);
  for (const [, { Properties }] of ofType(lakehouse, 'AWS::Logs::LogGroup')) {
    expect(Properties.RetentionInDays).toBe(30);
  }
});

test('workflows start by the clock or after their upstream, and what cannot be started is kept', () => {
  const starts = ofType(lakehouse, 'AWS::Scheduler::Schedule')
    .map(([, { Properties }]) => Properties)
    .filter(({ Name }) => Name !== 'report-state' && Name !== 'erasure-statuses');
  expect(starts.map(({ ScheduleExpression }) => ScheduleExpression)).toEqual([
    'cron(0 2 * * ? *)',
    'cron(0 4 ? * MON,TUE,WED,THU *)',
    'cron(0 5 1-4 * ? *)',
    'cron(0 6 * * ? *)',
    'cron(0 7 * * ? *)',
  ]);
  for (const { Target, ScheduleExpressionTimezone } of starts) {
    expect(ScheduleExpressionTimezone).toBe('UTC');
    expect(Target).toMatchObject({
      Input: '{"mode":"scheduled"}',
      DeadLetterConfig: { Arn: expect.anything() },
      RetryPolicy: { MaximumRetryAttempts: 10 },
    });
  }
});

test('a scheduled success of silver starts gold, and a backfill or a run by name does not', () => {
  const rules = ofType(lakehouse, 'AWS::Events::Rule').map(([, { Properties }]) => Properties);
  expect(rules).toContainEqual(
    expect.objectContaining({
      EventPattern: expect.objectContaining({
        detail: expect.objectContaining({ status: ['SUCCEEDED'], input: ['{"mode":"scheduled"}'] }),
      }),
      Targets: [expect.objectContaining({ Input: '{"mode":"scheduled"}', DeadLetterConfig: expect.anything() })],
    }),
  );
});

test('failed runs are kept by name and without their input', () => {
  const rule = ofType(lakehouse, 'AWS::Events::Rule').find(([id]) => id.includes('Failures'));
  expect(JSON.stringify(rule?.[1].Properties)).toContain('"TIMED_OUT"');
  expect(JSON.stringify(rule?.[1].Properties)).not.toContain('$.detail.input');
});

test('topics keep records for no more than seven days, and the control topic is one partition that keeps them for two', () => {
  const topics = ofType(storage, 'AWS::MSK::Topic').map(([, { Properties }]) => Properties);
  expect(topics.map(({ TopicName, PartitionCount }) => [TopicName, PartitionCount])).toEqual([
    ['athena-user-chat-analytics-v0', 3],
    ['athena-user-chat-reasoning-steps-analytics-v0', 3],
    ['lethe-control', 1],
  ]);
  const settings = topics.map(({ Configs }) => JSON.parse(Buffer.from(String(Configs), 'base64').toString()));
  const hours = (key: string) => settings.map((one) => Number(one[key]) / 3_600_000);
  expect(hours('retention.ms')).toEqual([168, 168, 48]);
  expect(hours('segment.ms')).toEqual([24, 24, 3]);
});

test('the connector signs in with IAM, writes its log, and stores nothing that the catalogue does not name', () => {
  const connector = only('AWS::KafkaConnect::Connector');
  expect(connector).toMatchObject({
    ConnectorName: 'lethe',
    KafkaClusterClientAuthentication: { AuthenticationType: 'IAM' },
    KafkaClusterEncryptionInTransit: { EncryptionType: 'TLS' },
    LogDelivery: { WorkerLogDelivery: { CloudWatchLogs: { Enabled: true } } },
    ConnectorConfiguration: {
      'connector.class': 'org.apache.iceberg.connect.IcebergSinkConnector',
      'iceberg.tables.evolve-schema-enabled': 'false',
      'iceberg.tables.auto-create-enabled': 'false',
      'iceberg.control.topic': 'lethe-control',
      'iceberg.kafka.sasl.mechanism': 'AWS_MSK_IAM',
    },
  });
  expect(JSON.stringify(connector.ConnectorConfiguration)).not.toMatch(/user_original_query|thought|dead.?letter/);
});

test('the disk of every broker of a created cluster has an alarm, and no other cluster has one', () => {
  const disks = (app: ReturnType<typeof synthesizedApp>) =>
    ofType(app.lakehouse, 'AWS::CloudWatch::Alarm')
      .map(([, { Properties }]) => Properties)
      .filter(({ MetricName }) => MetricName === 'KafkaDataLogsDiskUsed');
  const dimensions = (broker: string) => [
    { Name: 'Broker ID', Value: broker },
    { Name: 'Cluster Name', Value: 'lethe' },
  ];
  expect(disks({ storage, lakehouse, findings: [] })).toEqual([
    expect.objectContaining({ AlarmName: 'lethe-kafka-disk', Threshold: 85, Dimensions: dimensions('1') }),
    expect.objectContaining({ AlarmName: 'lethe-kafka-disk-2', Threshold: 85, Dimensions: dimensions('2') }),
    expect.objectContaining({ AlarmName: 'lethe-kafka-disk-3', Threshold: 85, Dimensions: dimensions('3') }),
  ]);
  expect(disks(existing)).toEqual([]);
  expect(disks(synthesizedApp('created-cluster', { changes: { kafka: { kind: 'serverless' } } }))).toEqual([]);
});

test('how many records may wait follows from how many come in a day and how often they are committed, unless it is said', () => {
  const threshold = (changes: Record<string, unknown>) =>
    ofType(synthesizedApp('created-cluster', { changes }).lakehouse, 'AWS::CloudWatch::Alarm').find(
      ([, { Properties }]) => Properties.AlarmName === 'lethe-connector-lag',
    )?.[1].Properties.Threshold;
  // Ten million a day, three times as fast, in the quarter of an hour that a commit every five minutes may take.
  expect(threshold({})).toBe((10_000_000 / 1_440) * 3 * 15);
  expect(threshold({ recordsPerDay: 144_000_000, connector: { commitMinutes: 10 } })).toBe(100_000 * 3 * 25);
  expect(threshold({ recordsPerDay: 1 })).toBe(1);
  expect(threshold({ recordsPerDay: 144_000_000, alarms: { recordsWaiting: 5_000 } })).toBe(5_000);
});

test('the plugin’s name carries its content, and the connector’s name does not change with it', () => {
  expect(only('AWS::KafkaConnect::CustomPlugin').Name).toBe('lethe-not-built');
  expect(only('AWS::KafkaConnect::Connector').ConnectorName).toBe('lethe');
});

test('a removed connector takes nothing with it but itself', () => {
  const removed = synthesizedApp('created-cluster', { changes: { connector: { state: 'removed' } } });
  expect(ofType(removed.lakehouse, 'AWS::KafkaConnect::Connector')).toEqual([]);
  expect(ofType(removed.storage, 'AWS::MSK::Topic')).toHaveLength(3);
  // Deployed first, the storage stack may not take away what the other still imports.
  expect(removed.storage.Outputs).toEqual(storage.Outputs);
  expect(ofType(removed.storage, 'AWS::MSK::Cluster')).toHaveLength(1);
});

test('with an existing cluster neither a cluster, nor a network, nor topics are made', () => {
  const types = [...Object.values(existing.storage.Resources), ...Object.values(existing.lakehouse.Resources)].map(
    ({ Type }) => Type,
  );
  expect(types.filter((type) => /MSK::|EC2::(VPC|Subnet)$/.test(type))).toEqual([]);
  expect(types).toContain('AWS::KafkaConnect::Connector');
});

test('a permissions boundary bounds every role', () => {
  const boundary = 'arn:aws:iam::111122223333:policy/boundary';
  const bounded = synthesizedApp('created-cluster', { changes: { permissionsBoundary: boundary } });
  for (const template of [bounded.storage, bounded.lakehouse]) {
    for (const [id, { Properties }] of ofType(template, 'AWS::IAM::Role')) {
      expect([id, Properties.PermissionsBoundary]).toEqual([id, boundary]);
    }
  }
});

test('templates stay far below what CloudFormation takes', () => {
  for (const template of [storage, lakehouse]) {
    expect(JSON.stringify(template).length).toBeLessThan(700_000);
    expect(Object.keys(template.Resources).length).toBeLessThan(400);
  }
});
