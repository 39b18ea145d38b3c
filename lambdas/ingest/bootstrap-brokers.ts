import { GetBootstrapBrokersCommand, KafkaClient } from '@aws-sdk/client-kafka';
import type { CdkCustomResourceEvent, CdkCustomResourceResponse, Context } from 'aws-lambda';
import { z } from 'zod';
import { InputError } from '../../core/errors.ts';
import { observed, tracer } from '../monitoring/observed.ts';

const properties = z.object({ clusterArn: z.string() });

const kafka = tracer.captureAWSv3Client(new KafkaClient({}));

/** Looks up the addresses of a cluster's brokers for clients that sign in with IAM, which CloudFormation does not tell. */
export function handler(event: CdkCustomResourceEvent, context: Context): Promise<CdkCustomResourceResponse> {
  return observed(context, {}, async () => {
    if (event.RequestType === 'Delete') return {};
    const { clusterArn } = properties.parse(event.ResourceProperties);
    const { BootstrapBrokerStringSaslIam } = await kafka.send(
      new GetBootstrapBrokersCommand({ ClusterArn: clusterArn }),
    );
    if (BootstrapBrokerStringSaslIam === undefined) {
      throw new InputError(
        'The cluster does not let clients sign in with IAM: turn on SASL/IAM for it, then deploy again.',
      );
    }
    return { PhysicalResourceId: clusterArn, Data: { bootstrapServers: BootstrapBrokerStringSaslIam } };
  });
}
