import { RemovalPolicy, Stack } from 'aws-cdk-lib';
import { PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { type IKey, Key } from 'aws-cdk-lib/aws-kms';
import { Subscription, SubscriptionProtocol, Topic } from 'aws-cdk-lib/aws-sns';
import { Construct } from 'constructs';

export interface AlertsTopicProps {
  /** Addresses that are told, once they have confirmed. */
  readonly emails: readonly string[];
  /** ARN of an existing key, whose policy lets CloudWatch and Budgets use it. Default: one is created. */
  readonly keyArn: string | undefined;
}

/** Services that tell of something here. */
const publishers = ['cloudwatch.amazonaws.com', 'budgets.amazonaws.com'];

/** Where alarms go: a topic under a key of its own, and whoever subscribes to it. */
export class AlertsTopic extends Construct {
  readonly topic: Topic;

  constructor(scope: Construct, id: string, { emails, keyArn }: AlertsTopicProps) {
    super(scope, id);
    this.topic = new Topic(this, 'Topic', { masterKey: this.#key(keyArn), enforceSSL: true });
    this.topic.addToResourcePolicy(
      new PolicyStatement({
        actions: ['sns:Publish'],
        resources: [this.topic.topicArn],
        principals: publishers.map((service) => new ServicePrincipal(service)),
        conditions: this.#ownAccount,
      }),
    );
    for (const [index, endpoint] of emails.entries()) {
      new Subscription(this, `Email${index}`, { topic: this.topic, protocol: SubscriptionProtocol.EMAIL, endpoint });
    }
  }

  #key(arn: string | undefined): IKey {
    if (arn !== undefined) return Key.fromKeyArn(this, 'Key', arn);
    const key = new Key(this, 'Key', {
      description: 'Lethe: notifications of alarms',
      enableKeyRotation: true,
      // What it encrypts is gone as soon as it is delivered.
      removalPolicy: RemovalPolicy.DESTROY,
    });
    key.addToResourcePolicy(
      new PolicyStatement({
        actions: ['kms:Decrypt', 'kms:GenerateDataKey*'],
        resources: ['*'],
        principals: publishers.map((service) => new ServicePrincipal(service)),
        conditions: this.#ownAccount,
      }),
    );
    return key;
  }

  /** A service may act here for this account alone. */
  get #ownAccount() {
    return { StringEquals: { 'aws:SourceAccount': Stack.of(this).account } };
  }
}
