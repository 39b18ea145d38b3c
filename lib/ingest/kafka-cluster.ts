import { Arn, ArnFormat, type RemovalPolicy, Stack, Token } from 'aws-cdk-lib';
import { LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs';
import { CfnCluster, CfnServerlessCluster } from 'aws-cdk-lib/aws-msk';
import { Construct } from 'constructs';
import type { Config } from '../config.ts';
import type { KafkaNetwork } from './kafka-network.ts';

export interface KafkaClusterProps {
  readonly config: Config;
  readonly network: KafkaNetwork;
  readonly removalPolicy: RemovalPolicy;
}

/** The MSK cluster that records come from: an existing one, or one of our own. Clients sign in with IAM, over TLS. */
export class KafkaCluster extends Construct {
  readonly clusterArn: string;
  readonly clusterName: string;
  /** Whether topics can be made through MSK's own interface, which MSK Serverless has not. */
  readonly takesTopics: boolean;

  constructor(scope: Construct, id: string, props: KafkaClusterProps) {
    super(scope, id);
    const { kafka, name } = props.config;
    switch (kafka.kind) {
      case 'existing':
        this.clusterArn = kafka.clusterArn;
        this.clusterName = nameOf(kafka.clusterArn);
        this.takesTopics = kafka.manageTopics;
        return;
      case 'serverless':
        this.clusterName = name;
        this.clusterArn = this.#serverless(props).attrArn;
        this.takesTopics = false;
        return;
      case 'provisioned':
        this.clusterName = name;
        this.clusterArn = this.#provisioned(props, kafka).attrArn;
        this.takesTopics = true;
        return;
      case 'none':
        throw new Error('Without Kafka there is no cluster');
    }
  }

  /** The ARN of something of the cluster: `*` for all topics, groups or transactional ids. */
  arnOf(kind: 'topic' | 'group' | 'transactional-id', name: string): string {
    const stack = Stack.of(this);
    // The cluster's uuid follows its name; for one of our own it is known only after its creation.
    const uuid = Token.isUnresolved(this.clusterArn) ? '*' : (this.clusterArn.split('/').at(-1) ?? '*');
    return Arn.format(
      {
        service: 'kafka',
        resource: kind,
        resourceName: `${this.clusterName}/${uuid}/${name}`,
        arnFormat: ArnFormat.SLASH_RESOURCE_NAME,
        ...(Token.isUnresolved(this.clusterArn)
          ? {}
          : {
              region: this.clusterArn.split(':')[3] ?? stack.region,
              account: this.clusterArn.split(':')[4] ?? stack.account,
            }),
      },
      stack,
    );
  }

  #serverless({ config, network, removalPolicy }: KafkaClusterProps): CfnServerlessCluster {
    const cluster = new CfnServerlessCluster(this, 'Serverless', {
      clusterName: config.name,
      clientAuthentication: { sasl: { iam: { enabled: true } } },
      vpcConfigs: [{ subnetIds: network.subnetIds, securityGroups: network.securityGroupIds }],
    });
    cluster.applyRemovalPolicy(removalPolicy);
    return cluster;
  }

  #provisioned(
    { config, network, removalPolicy }: KafkaClusterProps,
    kafka: Extract<Config['kafka'], { kind: 'provisioned' }>,
  ): CfnCluster {
    const logs = new LogGroup(this, 'Logs', { retention: RetentionDays.ONE_MONTH, removalPolicy });
    const cluster = new CfnCluster(this, 'Provisioned', {
      clusterName: config.name,
      kafkaVersion: kafka.kafkaVersion,
      numberOfBrokerNodes: kafka.brokers,
      brokerNodeGroupInfo: {
        instanceType: kafka.instanceType,
        clientSubnets: network.subnetIds,
        securityGroups: network.securityGroupIds,
        storageInfo: { ebsStorageInfo: { volumeSize: kafka.volumeGiB } },
      },
      clientAuthentication: { sasl: { iam: { enabled: true } }, unauthenticated: { enabled: false } },
      encryptionInfo: { encryptionInTransit: { clientBroker: 'TLS', inCluster: true } },
      enhancedMonitoring: 'PER_TOPIC_PER_BROKER',
      loggingInfo: { brokerLogs: { cloudWatchLogs: { enabled: true, logGroup: logs.logGroupName } } },
    });
    cluster.applyRemovalPolicy(removalPolicy);
    return cluster;
  }
}

function nameOf(clusterArn: string): string {
  const name = clusterArn.split('/')[1];
  if (name === undefined) throw new Error('The ARN of a cluster has its name after the first slash');
  return name;
}
