import { createHash } from 'node:crypto';
import { Arn, Duration, RemovalPolicy, Stack } from 'aws-cdk-lib';
import { Metric, type MetricOptions } from 'aws-cdk-lib/aws-cloudwatch';
import { Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { CfnConnector, CfnWorkerConfiguration } from 'aws-cdk-lib/aws-kafkaconnect';
import { LogGroup, type RetentionDays } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import type { Pipeline } from '../../core/lake/pipeline.ts';
import type { Config } from '../config.ts';
import { allow, type LakeAccess } from '../lake/lake-access.ts';
import { ConnectorPlugin } from './connector-plugin.ts';
import type { KafkaCluster } from './kafka-cluster.ts';
import type { KafkaNetwork } from './kafka-network.ts';
import { sinkSettings, topicName } from './sink-settings.ts';

export interface BronzeConnectorProps {
  readonly config: Config;
  readonly pipelines: readonly Pipeline[];
  readonly cluster: KafkaCluster;
  readonly network: KafkaNetwork;
  readonly bootstrapServers: string;
  readonly access: LakeAccess;
  readonly warehouse: string;
  readonly pluginZip: string;
  readonly logRetention: RetentionDays;
}

/** The group whose offsets say how far the connector has read: Connect names it after the connector. */
export function consumerGroup(config: Config): string {
  return `connect-${config.name}`;
}

/** The topic on which the sink's workers and its coordinator agree on commits. */
export function controlTopic(config: Config): string {
  return `${config.name}-control`;
}

/** The group whose place in the control topic says what the sink has committed. */
export function coordinatorGroup(config: Config): string {
  return `${consumerGroup(config)}-coord`;
}

function transactionPrefix(config: Config): string {
  return `${config.name}-`;
}

/**
 * Days that the control topic keeps what the sink's tasks agree on. Files whose commit fails for longer never reach their
 * table. But every task that starts reads the whole topic and answers each commit in it once more, some milliseconds each;
 * and none of it may outlive the coordinator's offset, which Kafka forgets a week after the last commit: files would be
 * taken in twice.
 */
export function controlTopicDays(config: Config): number {
  return Math.min(2, config.topicLayout.retentionDays);
}

/** Version of Kafka Connect that MSK Connect runs; the plugin is built and tested against it. */
const connectVersion = '3.7.x';

/**
 * The connector that brings records from Kafka into bronze. Its name never changes, since the place up to which it has read is
 * kept under it: a new plugin needs the old connector removed first (docs/upgrade.md), and two never run at once.
 */
export class BronzeConnector extends Construct {
  readonly connectorName: string;
  readonly role: Role;
  readonly connector: CfnConnector;

  constructor(scope: Construct, id: string, props: BronzeConnectorProps) {
    super(scope, id);
    const { config, network } = props;
    this.connectorName = config.name;
    this.role = this.#role(props);
    const { plugin } = new ConnectorPlugin(this, 'Code', { name: config.name, zip: props.pluginZip });
    const workers = workerProperties();
    const digest = createHash('sha256').update(workers).digest('hex').slice(0, 12);
    const workerConfiguration = new CfnWorkerConfiguration(this, 'Workers', {
      name: `${config.name}-${digest}`,
      propertiesFileContent: Buffer.from(workers).toString('base64'),
    });
    const logs = new LogGroup(this, 'Logs', { retention: props.logRetention, removalPolicy: RemovalPolicy.DESTROY });
    this.connector = new CfnConnector(this, 'Connector', {
      connectorName: this.connectorName,
      connectorDescription: 'Kafka to bronze: the Apache Iceberg sink behind the rules of the catalogue',
      kafkaConnectVersion: connectVersion,
      capacity: {
        provisionedCapacity: { workerCount: config.connector.workers, mcuCount: config.connector.mcuCount },
      },
      connectorConfiguration: sinkSettings({
        settings: config,
        pipelines: props.pipelines,
        bootstrapServers: props.bootstrapServers,
        controlTopic: controlTopic(config),
        transactionPrefix: transactionPrefix(config),
        tasks: config.connector.tasks,
        commitMinutes: config.connector.commitMinutes,
        region: Stack.of(this).region,
        warehouse: props.warehouse,
      }),
      kafkaCluster: {
        apacheKafkaCluster: {
          bootstrapServers: props.bootstrapServers,
          vpc: { subnets: network.subnetIds, securityGroups: network.securityGroupIds },
        },
      },
      kafkaClusterClientAuthentication: { authenticationType: 'IAM' },
      kafkaClusterEncryptionInTransit: { encryptionType: 'TLS' },
      logDelivery: { workerLogDelivery: { cloudWatchLogs: { enabled: true, logGroup: logs.logGroupName } } },
      plugins: [{ customPlugin: { customPluginArn: plugin.attrCustomPluginArn, revision: plugin.attrRevision } }],
      workerConfiguration: {
        workerConfigurationArn: workerConfiguration.attrWorkerConfigurationArn,
        revision: workerConfiguration.attrRevision,
      },
      serviceExecutionRoleArn: this.role.roleArn,
    });
    // Without its rights the connector fails within minutes, and CloudFormation takes it down again.
    this.connector.node.addDependency(this.role);
  }

  /** Tasks that run; fewer than configured means that one has failed and stays so. */
  metricRunningTasks(options: MetricOptions = {}): Metric {
    return this.#metric('RunningTaskCount', 'Minimum', options);
  }

  /** Tasks that have failed. */
  metricFailedTasks(options: MetricOptions = {}): Metric {
    return this.#metric('ErroredTaskCount', 'Maximum', options);
  }

  #metric(metricName: string, statistic: string, options: MetricOptions): Metric {
    const dimensionsMap = { ConnectorName: this.connectorName };
    return new Metric({
      namespace: 'AWS/KafkaConnect',
      metricName,
      statistic,
      dimensionsMap,
      period: Duration.minutes(5),
      ...options,
    });
  }

  #role({ config, cluster, pipelines, access }: BronzeConnectorProps): Role {
    const { account } = Stack.of(this);
    const role = new Role(this, 'Role', {
      description: 'Reads the topics and appends to bronze',
      assumedBy: new ServicePrincipal('kafkaconnect.amazonaws.com', {
        conditions: {
          StringEquals: { 'aws:SourceAccount': account },
          ArnLike: {
            'aws:SourceArn': Arn.format(
              { service: 'kafkaconnect', resource: 'connector', resourceName: `${config.name}/*` },
              Stack.of(this),
            ),
          },
        },
      }),
    });
    const sources = pipelines.flatMap((pipeline) => pipeline.sources);
    const topic = (name: string) => cluster.arnOf('topic', name);
    const read = ['kafka-cluster:DescribeTopic', 'kafka-cluster:ReadData'];
    const write = ['kafka-cluster:DescribeTopic', 'kafka-cluster:ReadData', 'kafka-cluster:WriteData'];
    allow(
      role,
      ['kafka-cluster:Connect', 'kafka-cluster:DescribeCluster', 'kafka-cluster:WriteDataIdempotently'],
      [cluster.clusterArn],
    );
    allow(role, read, [...new Set(sources.map((source) => topic(topicName(config, source.topic))))]);
    allow(role, write, [topic(controlTopic(config))]);
    // MSK Connect keeps the connector's configuration, offsets and state in topics that it makes itself.
    allow(role, ['kafka-cluster:CreateTopic', ...write], [topic('__amazon_msk_connect_*')]);
    allow(
      role,
      ['kafka-cluster:AlterGroup', 'kafka-cluster:DescribeGroup'],
      [`${consumerGroup(config)}*`, 'cg-control-*', '__amazon_msk_connect_*'].map((name) =>
        cluster.arnOf('group', name),
      ),
    );
    // The ids of its transactions end in what each task draws at random.
    allow(
      role,
      ['kafka-cluster:DescribeTransactionalId', 'kafka-cluster:AlterTransactionalId'],
      [cluster.arnOf('transactional-id', `${transactionPrefix(config)}*`)],
    );
    access.grantAppend(role, [...new Set(sources.flatMap(({ table, rejected }) => [table, rejected]))]);
    return role;
  }
}

/** What workers are told. The converters are the connector's own; these are what Connect insists on. */
function workerProperties(): string {
  const settings = {
    'key.converter': 'org.apache.kafka.connect.converters.ByteArrayConverter',
    'value.converter': 'org.apache.kafka.connect.converters.ByteArrayConverter',
    // With the default of a minute the last records of a burst would wait for most of two.
    'offset.flush.interval.ms': '10000',
  };
  return Object.entries(settings)
    .map(([key, value]) => `${key}=${value}\n`)
    .join('');
}
