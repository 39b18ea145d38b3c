import { Arn, Duration, Stack } from 'aws-cdk-lib';
import { CfnEventBus } from 'aws-cdk-lib/aws-events';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { Queue, QueueEncryption } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import type { Config } from '../config.ts';

export interface ErasureBusProps {
  readonly config: Config;
  /** Encrypts what is on the bus and among its dead letters. */
  readonly vaultKey: IKey;
}

/** The name of the bus, as who submits requests has to know it. */
export function busName({ name }: Config): string {
  return `${name}-erasures`;
}

/**
 * The bus of requests for erasure, and the queue of what could not be taken in. Both are encrypted under the vault's key. The
 * bus has no archive and no discovery of schemas: an event on it is gone when it has been delivered.
 */
export class ErasureBus extends Construct {
  readonly name: string;
  readonly arn: string;
  readonly deadLetters: Queue;
  /** The bus itself, for what has to be made after it. */
  readonly resource: CfnEventBus;

  constructor(scope: Construct, id: string, { config, vaultKey }: ErasureBusProps) {
    super(scope, id);
    this.name = busName(config);
    this.deadLetters = new Queue(this, 'DeadLetters', {
      encryption: QueueEncryption.KMS,
      encryptionMasterKey: vaultKey,
      enforceSSL: true,
      // They name people: no longer than the late sweep waits for.
      retentionPeriod: Duration.days(14),
    });
    // The CDK's own bus would write its ARN into the key's policy, which stands in the stack that this one builds on.
    this.resource = new CfnEventBus(this, 'Bus', {
      name: this.name,
      description: 'Requests for erasure, and what becomes of them',
      kmsKeyIdentifier: vaultKey.keyArn,
      logConfig: { level: 'OFF', includeDetail: 'NONE' },
    });
    this.arn = Arn.format({ service: 'events', resource: 'event-bus', resourceName: this.name }, Stack.of(this));
  }
}
