import { AthenaClient } from '@aws-sdk/client-athena';
import { CloudWatchClient } from '@aws-sdk/client-cloudwatch';
import { GlueClient } from '@aws-sdk/client-glue';
import { KafkaClient } from '@aws-sdk/client-kafka';
import { KafkaConnectClient } from '@aws-sdk/client-kafkaconnect';
import { S3Client } from '@aws-sdk/client-s3';
import { SchedulerClient } from '@aws-sdk/client-scheduler';
import { SFNClient } from '@aws-sdk/client-sfn';
import type { Deployment } from '../../core/lake/deployment.ts';
import { type AlarmClients, checkAlarms } from './check-alarms.ts';
import { checkLakeBucket } from './check-buckets.ts';
import { checkKafka, type KafkaClients } from './check-kafka.ts';
import { checkLake, type LakeClients } from './check-lake.ts';
import { checkWorkflows, type WorkflowClients } from './check-workflows.ts';
import type { Finding } from './finding.ts';

export type DoctorClients = AlarmClients & KafkaClients & LakeClients & WorkflowClients;

/** Clients of the services that a deployment consists of. */
export function doctorClients(region: string | undefined): DoctorClients {
  const at = region === undefined ? {} : { region };
  return {
    kafka: new KafkaClient(at),
    connect: new KafkaConnectClient(at),
    athena: new AthenaClient(at),
    cloudWatch: new CloudWatchClient(at),
    glue: new GlueClient(at),
    s3: new S3Client(at),
    scheduler: new SchedulerClient(at),
    states: new SFNClient(at),
  };
}

/** Looks at everything that an environment's configuration names. It changes nothing. */
export async function diagnose(deployment: Deployment, clients: DoctorClients, now: Date): Promise<Finding[]> {
  const { kafka } = deployment;
  return [
    ...(kafka === undefined ? [] : await checkKafka(deployment.name, kafka, clients)),
    ...(await checkLakeBucket(deployment, clients.s3)),
    ...(await checkLake(deployment, clients, now)),
    ...(await checkWorkflows(deployment, clients)),
    ...(await checkAlarms(deployment, clients)),
  ];
}
