import { CfnWorkGroup } from 'aws-cdk-lib/aws-athena';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { Construct } from 'constructs';
import type { Config } from '../config.ts';
import type { BucketRef } from '../storage/lake-buckets.ts';

export interface WorkGroupsProps {
  readonly config: Config;
  readonly results: BucketRef;
  readonly key: IKey;
}

type Whose = 'pipeline' | 'analysts' | 'compliance';

const bytesPerGiB = 1024 ** 3;

/** The name of a workgroup, as who queries it has to know it. */
export function workGroupName(config: Config, whose: Whose): string {
  return `${config.name}-${whose}`;
}

/** The Athena workgroups: each group's limit, and one place for its results that nobody can choose another for. */
export class WorkGroups extends Construct {
  readonly pipeline: string;
  readonly analysts: string;
  readonly compliance: string;

  constructor(scope: Construct, id: string, props: WorkGroupsProps) {
    super(scope, id);
    const { scanLimits } = props.config;
    this.pipeline = this.#workGroup('pipeline', 'Statements of the workflows', scanLimits.pipelineGiB, props);
    this.analysts = this.#workGroup('analysts', 'Dashboards and analysts', scanLimits.analystsGiB, props);
    this.compliance = this.#workGroup('compliance', 'Proofs of erasure', scanLimits.complianceGiB, props);
  }

  #workGroup(whose: Whose, description: string, limitGiB: number, { config, results, key }: WorkGroupsProps): string {
    const name = workGroupName(config, whose);
    const group = new CfnWorkGroup(this, whose, {
      name,
      description,
      // Only history and saved queries go with it; without this nothing that has run a query could be deleted, or rolled back.
      recursiveDeleteOption: true,
      workGroupConfiguration: {
        enforceWorkGroupConfiguration: true,
        publishCloudWatchMetricsEnabled: true,
        bytesScannedCutoffPerQuery: limitGiB * bytesPerGiB,
        engineVersion: { selectedEngineVersion: 'Athena engine version 3' },
        resultConfiguration: {
          outputLocation: `s3://${results.bucketName}/${name}/`,
          encryptionConfiguration: { encryptionOption: 'SSE_KMS', kmsKey: key.keyArn },
        },
      },
    });
    group.node.addMetadata('lethe:workgroup', whose);
    return name;
  }
}
