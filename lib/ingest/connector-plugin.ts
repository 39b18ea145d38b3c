import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Annotations, FileAssetPackaging, Stack } from 'aws-cdk-lib';
import { CfnCustomPlugin } from 'aws-cdk-lib/aws-kafkaconnect';
import { Construct } from 'constructs';

export interface ConnectorPluginProps {
  readonly name: string;
  /** The zip that `npm run build:connector` makes. */
  readonly zip: string;
}

/** The sink and its transform, as MSK Connect loads them. The name carries the content's hash: a plugin cannot be changed. */
export class ConnectorPlugin extends Construct {
  readonly plugin: CfnCustomPlugin;
  /** The bucket that the zip is published to. */
  readonly bucketName: string;
  readonly objectKey: string;

  constructor(scope: Construct, id: string, { name, zip }: ConnectorPluginProps) {
    super(scope, id);
    const stack = Stack.of(this);
    const hash = existsSync(zip) ? createHash('sha256').update(readFileSync(zip)).digest('hex') : 'not-built';
    const asset = stack.synthesizer.addFileAsset(
      hash === 'not-built'
        ? {
            sourceHash: hash,
            // Asked for only when the app is deployed. It says what to run, and there the deployment ends.
            executable: ['node', join(import.meta.dirname, 'plugin-not-built.ts')],
          }
        : { sourceHash: hash, fileName: zip, packaging: FileAssetPackaging.FILE },
    );
    if (hash === 'not-built') {
      Annotations.of(this).addWarningV2(
        'lethe:plugin',
        "The connector's plugin is not built: run npm run build:connector.",
      );
    }
    this.bucketName = asset.bucketName;
    this.objectKey = asset.objectKey;
    this.plugin = new CfnCustomPlugin(this, 'Plugin', {
      name: `${name}-${hash.slice(0, 12)}`,
      contentType: 'ZIP',
      location: {
        s3Location: {
          bucketArn: `arn:${stack.partition}:s3:::${asset.bucketName}`,
          fileKey: asset.objectKey,
        },
      },
    });
  }
}
