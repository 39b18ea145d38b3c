import { GetObjectCommand, PutObjectCommand, type S3Client } from '@aws-sdk/client-s3';
import type { EvidenceStore } from '../../core/dsr/erasures.ts';

export interface S3EvidenceProps {
  readonly s3: S3Client;
  /** A bucket with Object Lock, whose default retention locks each object that is put. */
  readonly bucket: string;
}

/** What S3 answers when a name is taken, and when somebody else is just taking it. */
const taken = new Set(['PreconditionFailed', 'ConditionalRequestConflict']);

/** Evidence as objects that are written once and locked. */
export class S3Evidence implements EvidenceStore {
  readonly #props: S3EvidenceProps;

  constructor(props: S3EvidenceProps) {
    this.#props = props;
  }

  async keep(name: string, text: string): Promise<string> {
    const { s3, bucket } = this.#props;
    try {
      await s3.send(
        new PutObjectCommand({
          Bucket: bucket,
          Key: name,
          Body: text,
          ContentType: 'application/json',
          // Object Lock keeps each version, but would let a later one stand in front of it.
          IfNoneMatch: '*',
          // S3 takes an object into a bucket with Object Lock only with a checksum.
          ChecksumAlgorithm: 'SHA256',
        }),
      );
      return text;
    } catch (error) {
      if (!(error instanceof Error && taken.has(error.name))) throw error;
    }
    const { Body } = await s3.send(new GetObjectCommand({ Bucket: bucket, Key: name }));
    if (Body === undefined) throw new Error(`The evidence ${name} has no content`);
    return await Body.transformToString();
  }
}
