import { RemovalPolicy, Validations } from 'aws-cdk-lib';
import {
  CfnSecurityGroup,
  CfnSecurityGroupEgress,
  CfnSecurityGroupIngress,
  FlowLogDestination,
  GatewayVpcEndpointAwsService,
  InterfaceVpcEndpointAwsService,
  SubnetType,
  Vpc,
} from 'aws-cdk-lib/aws-ec2';
import { LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import { type Config, zonesOfCreatedNetwork } from '../config.ts';

export interface KafkaNetworkProps {
  /** The existing network. Default: a VPC is created, without a way to the internet. */
  readonly network: Config['network'];
}

/** Kafka's listener for clients that sign in with IAM. */
const iamPort = 9098;

/** Where Kafka and the connector live: private subnets with a way to S3 and Glue, and who may talk to whom. */
export class KafkaNetwork extends Construct {
  readonly subnetIds: string[];
  readonly securityGroupIds: string[];

  constructor(scope: Construct, id: string, { network }: KafkaNetworkProps) {
    super(scope, id);
    const created = network === undefined ? this.#createVpc() : undefined;
    this.subnetIds = network?.subnetIds ?? (created?.isolatedSubnets ?? []).map(({ subnetId }) => subnetId);
    this.securityGroupIds = network?.securityGroupIds ?? [
      this.#securityGroup(network?.vpcId ?? created?.vpcId ?? '', network !== undefined).attrGroupId,
    ];
  }

  #createVpc(): Vpc {
    const vpc = new Vpc(this, 'Vpc', {
      maxAzs: zonesOfCreatedNetwork,
      natGateways: 0,
      subnetConfiguration: [{ name: 'private', subnetType: SubnetType.PRIVATE_ISOLATED, cidrMask: 24 }],
      gatewayEndpoints: { S3: { service: GatewayVpcEndpointAwsService.S3 } },
      restrictDefaultSecurityGroup: false,
    });
    // The sink commits to the catalogue; its objects take the gateway above.
    const glue = vpc.addInterfaceEndpoint('Glue', { service: InterfaceVpcEndpointAwsService.GLUE });
    Validations.of(glue).acknowledge({
      id: 'AwsSolutions-EC23',
      reason: 'It lets in the VPC’s own addresses, which the rule cannot read before they are known.',
    });
    vpc.addFlowLog('FlowLog', {
      destination: FlowLogDestination.toCloudWatchLogs(
        new LogGroup(this, 'FlowLogs', { retention: RetentionDays.ONE_MONTH, removalPolicy: RemovalPolicy.DESTROY }),
      ),
    });
    return vpc;
  }

  #securityGroup(vpcId: string, existing: boolean): CfnSecurityGroup {
    const toBrokers = { ipProtocol: 'tcp', fromPort: iamPort, toPort: iamPort };
    const anywhere = { cidrIp: '0.0.0.0/0' };
    const group = new CfnSecurityGroup(this, 'Members', {
      vpcId,
      groupDescription: 'Kafka, its producers and the connector',
      securityGroupEgress: [
        { ipProtocol: 'tcp', fromPort: 443, toPort: 443, ...anywhere, description: 'S3 and Glue' },
        // In an existing network there may be an existing cluster, whose own groups say whom they let in.
        ...(existing ? [{ ...toBrokers, ...anywhere, description: 'Brokers of an existing cluster' }] : []),
      ],
    });
    const description = 'Members reach the brokers, signed in with IAM';
    const groupId = group.attrGroupId;
    new CfnSecurityGroupIngress(this, 'In', { ...toBrokers, groupId, sourceSecurityGroupId: groupId, description });
    new CfnSecurityGroupEgress(this, 'Out', {
      ...toBrokers,
      groupId,
      destinationSecurityGroupId: groupId,
      description,
    });
    return group;
  }
}
