import { Duration, RemovalPolicy, Validations } from 'aws-cdk-lib';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import {
  BlockPublicAccess,
  Bucket,
  BucketEncryption,
  type BucketProps,
  type IBucket,
  ObjectLockRetention,
  ObjectOwnership,
} from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';

export interface LakeBucketsProps {
  readonly key: IKey;
  readonly removalPolicy: RemovalPolicy;
  /** Whether evidence is locked for good. */
  readonly production: boolean;
  /** Name of an existing bucket for the tables. Default: one is created. */
  readonly lakeBucket?: string;
}

/** What others need of a bucket, whether it is ours or was there. */
export type BucketRef = Pick<IBucket, 'bucketName' | 'bucketArn' | 'arnForObjects'>;

/** Evidence outlives the ledger's 24 months, so that every answer the ledger gives can be proved. */
const evidenceRetention = Duration.days(731);

/** Where bytes are: the tables, what queries answer, and the evidence of erasures. */
export class LakeBuckets extends Construct {
  readonly lake: BucketRef;
  readonly results: Bucket;
  readonly evidence: Bucket;

  constructor(scope: Construct, id: string, props: LakeBucketsProps) {
    super(scope, id);
    const { key, removalPolicy, production } = props;
    const throwAway = removalPolicy === RemovalPolicy.DESTROY;
    const guarded: BucketProps = {
      encryption: BucketEncryption.KMS,
      encryptionKey: key,
      bucketKeyEnabled: true,
      enforceSSL: true,
      minimumTLSVersion: 1.2,
      blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
      objectOwnership: ObjectOwnership.BUCKET_OWNER_ENFORCED,
      removalPolicy,
    };
    const abandonUploads = { abortIncompleteMultipartUploadAfter: Duration.days(1) };
    this.lake =
      props.lakeBucket === undefined
        ? new Bucket(this, 'Lake', {
            ...guarded,
            // A version would keep the bytes that an erasure removes, and an expiry would take live data files.
            versioned: false,
            lifecycleRules: [{ id: 'abandoned-uploads', ...abandonUploads }],
            autoDeleteObjects: throwAway,
          })
        : Bucket.fromBucketAttributes(this, 'Lake', { bucketName: props.lakeBucket, encryptionKey: key });
    this.results = new Bucket(this, 'Results', {
      ...guarded,
      versioned: false,
      autoDeleteObjects: throwAway,
      lifecycleRules: [{ id: 'results-expire', expiration: Duration.days(1), ...abandonUploads }],
    });
    this.evidence = new Bucket(this, 'Evidence', {
      ...guarded,
      // Object Lock works on versions.
      versioned: true,
      objectLockEnabled: true,
      objectLockDefaultRetention: production
        ? ObjectLockRetention.compliance(evidenceRetention)
        : ObjectLockRetention.governance(Duration.days(1)),
      lifecycleRules: [{ id: 'abandoned-uploads', ...abandonUploads }],
      // What is locked cannot be deleted with its stack, and a bucket that is not empty makes its deletion fail.
      removalPolicy: RemovalPolicy.RETAIN,
    });
    for (const bucket of [this.lake, this.results, this.evidence]) {
      if (!(bucket instanceof Bucket)) continue;
      Validations.of(bucket).acknowledge({
        id: 'AwsSolutions-S1',
        reason: 'Reads and writes of objects are recorded by CloudTrail data events, which docs/security.md turns on.',
      });
    }
  }
}
