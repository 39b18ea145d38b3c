import type { Pipeline } from './pipeline.ts';

/** What an environment's configuration names: what should be there once it is deployed. */
export interface Deployment {
  readonly name: string;
  /** Default: the one of the caller's credentials. */
  readonly region?: string;
  readonly database: string;
  readonly pipelines: readonly Pipeline[];
  readonly workGroups: readonly string[];
  readonly scheduleGroup: string;
  readonly erasures: ErasureDeployment;
  /** A bucket for the tables that was there. Default: one is created. */
  readonly lakeBucket?: LakeBucket;
  readonly schedulesEnabled: boolean;
  /** Undefined without Kafka. */
  readonly kafka?: KafkaDeployment;
}

/** Where requests for erasure go, and where they are remembered. */
export interface ErasureDeployment {
  readonly busName: string;
  /** What the name of the table of requests begins with; CloudFormation draws the rest. */
  readonly requestsTablePrefix: string;
}

export interface LakeBucket {
  readonly name: string;
  /** ARN of the key that the lake's roles may use. Default: the storage stack has made one. */
  readonly keyArn?: string;
}

export interface KafkaDeployment {
  /** Undefined for a cluster of our own, which is looked up by the environment's name. */
  readonly clusterArn?: string;
  /** Undefined where MSK shows no topics, as on MSK Serverless. */
  readonly topics?: readonly string[];
  readonly controlTopic: string;
  /** Days that the control topic may keep records. */
  readonly controlTopicDays: number;
  /** Days that the other topics may keep them. */
  readonly mostRetentionDays: number;
  /** Undefined while the connector is removed. */
  readonly connectorName?: string;
  readonly commitMinutes: number;
}
