import { CfnOutput, Fn, RemovalPolicy, Stack, type StackProps, Token, Validations } from 'aws-cdk-lib';
import { CfnDatabase } from 'aws-cdk-lib/aws-glue';
import type { Construct } from 'constructs';
import type { Pipeline } from '../core/lake/pipeline.ts';
import type { Config } from './config.ts';
import { controlTopic, controlTopicDays } from './ingest/bronze-connector.ts';
import { KafkaCluster } from './ingest/kafka-cluster.ts';
import { KafkaNetwork } from './ingest/kafka-network.ts';
import { KafkaTopics } from './ingest/kafka-topics.ts';
import { topicName } from './ingest/sink-settings.ts';
import { LakeBuckets } from './storage/lake-buckets.ts';
import { LakeKeys } from './storage/lake-keys.ts';
import { LedgerTables } from './storage/ledger-tables.ts';

export interface StorageStackProps extends StackProps {
  readonly config: Config;
  /** Whose topics are made, where we may make them. */
  readonly pipelines: readonly Pipeline[];
}

/** The name of the stack, with which the names of its tables begin. */
export function storageStackName({ name }: Config): string {
  return `${name}-storage`;
}

/** What must survive: buckets, keys, the database, the ledgers, and Kafka with what nobody has read yet, if it is ours. */
export class StorageStack extends Stack {
  readonly keys: LakeKeys;
  readonly buckets: LakeBuckets;
  readonly ledgers: LedgerTables;
  readonly database: string;
  /** Undefined without Kafka. */
  readonly network: KafkaNetwork | undefined;
  readonly cluster: KafkaCluster | undefined;

  /** Three zones, whichever the region names first: asking AWS for them would need an account to synthesize. */
  override get availabilityZones(): string[] {
    return [0, 1, 2].map((index) => Fn.select(index, Fn.getAzs()));
  }

  constructor(scope: Construct, id: string, props: StorageStackProps) {
    super(scope, id, props);
    const { config } = props;
    const removalPolicy = config.throwAway ? RemovalPolicy.DESTROY : RemovalPolicy.RETAIN;
    this.keys = new LakeKeys(this, 'Keys', { removalPolicy, existing: config.keys });
    this.buckets = new LakeBuckets(this, 'Buckets', {
      key: this.keys.lake,
      removalPolicy,
      production: config.production,
      ...(config.lakeBucket === undefined ? {} : { lakeBucket: config.lakeBucket }),
    });
    this.ledgers = new LedgerTables(this, 'Ledgers', {
      lakeKey: this.keys.lake,
      vaultKey: this.keys.vault,
      removalPolicy,
    });
    Validations.of(this.ledgers.vault).acknowledge({
      id: 'AwsSolutions-DDB3',
      reason: 'A backup of the vault would bring identities back that an erasure has destroyed.',
    });
    this.database = config.database;
    const database = new CfnDatabase(this, 'Database', {
      catalogId: this.account,
      databaseInput: {
        name: config.database,
        description: 'Tables of Lethe. They are made by migrations, not by CloudFormation.',
        locationUri: `s3://${this.buckets.lake.bucketName}/tables/`,
      },
    });
    database.applyRemovalPolicy(removalPolicy);
    if (config.kafka.kind !== 'none') {
      this.network = new KafkaNetwork(this, 'Network', { network: config.network });
      this.cluster = new KafkaCluster(this, 'Kafka', { config, network: this.network, removalPolicy });
      if (this.cluster.takesTopics) {
        new KafkaTopics(this, 'Topics', {
          clusterArn: this.cluster.clusterArn,
          layout: config.topicLayout,
          topics: props.pipelines.flatMap(({ sources }) => sources.map(({ topic }) => topicName(config, topic))),
          controlTopic: controlTopic(config),
          controlTopicDays: controlTopicDays(config),
          removalPolicy,
        });
      }
      this.#keepExports(this.network, this.cluster);
    }
    const outputs = {
      LakeBucket: this.buckets.lake.bucketName,
      EvidenceBucket: this.buckets.evidence.bucketName,
      RunsTable: this.ledgers.runs.tableName,
      RequestsTable: this.ledgers.requests.tableName,
      PseudonymKey: this.keys.pseudonym.keyArn,
      SigningKey: this.keys.signing.keyArn,
    };
    for (const [id, value] of Object.entries(outputs)) new CfnOutput(this, id, { value });
  }

  /**
   * What the connector alone uses stays exported while the connector is taken down, as for a new plugin: this stack is deployed
   * first, and CloudFormation takes no export away that the other one still imports.
   */
  #keepExports({ subnetIds, securityGroupIds }: KafkaNetwork, { clusterArn }: KafkaCluster): void {
    for (const value of [...subnetIds, ...securityGroupIds, clusterArn]) {
      if (Token.isUnresolved(value)) this.exportValue(value);
    }
  }
}
