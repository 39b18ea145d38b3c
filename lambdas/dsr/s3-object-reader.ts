import {
  GetObjectCommand,
  ListObjectVersionsCommand,
  type ListObjectVersionsCommandOutput,
  NoSuchKey,
  type S3Client,
  S3ServiceException,
} from '@aws-sdk/client-s3';
import { ObjectMissing, type ObjectReader, type StoredObject } from '../../core/iceberg/object-reader.ts';

/** S3 by the two operations that cannot change anything: its role needs `s3:GetObject` and `s3:ListBucketVersions`, and no more. */
export class S3ObjectReader implements ObjectReader {
  readonly #s3: S3Client;

  constructor(s3: S3Client) {
    this.#s3 = s3;
  }

  async list(below: string): Promise<StoredObject[]> {
    const { Bucket, Key: Prefix } = placeOf(below);
    const found: StoredObject[] = [];
    let from: { KeyMarker?: string; VersionIdMarker?: string } | undefined = {};
    while (from !== undefined) {
      const page: ListObjectVersionsCommandOutput = await this.#s3.send(
        new ListObjectVersionsCommand({ Bucket, Prefix, ...from }),
      );
      for (const { Key, LastModified, IsLatest } of page.Versions ?? []) {
        if (Key === undefined || LastModified === undefined) throw new Error('S3 lists an object without key or date');
        found.push({ address: `s3://${Bucket}/${Key}`, modified: LastModified, isSuperseded: IsLatest !== true });
      }
      const { IsTruncated, NextKeyMarker, NextVersionIdMarker } = page;
      from =
        IsTruncated === true && NextKeyMarker !== undefined
          ? {
              KeyMarker: NextKeyMarker,
              ...(NextVersionIdMarker === undefined ? {} : { VersionIdMarker: NextVersionIdMarker }),
            }
          : undefined;
    }
    return found;
  }

  async read(address: string, from?: number, to?: number): Promise<Buffer> {
    const range = from === undefined ? {} : { Range: `bytes=${from}-${to === undefined ? '' : to - 1}` };
    try {
      const { Body } = await this.#s3.send(new GetObjectCommand({ ...placeOf(address), ...range }));
      return Buffer.from((await Body?.transformToByteArray()) ?? []);
    } catch (error) {
      if (error instanceof NoSuchKey || (isForbidden(error) && !(await this.#isThere(address)))) {
        throw new ObjectMissing(address);
      }
      throw error;
    }
  }

  /** To who may list only below a prefix S3 says of an object that is not there that it is forbidden. */
  async #isThere(address: string): Promise<boolean> {
    return (await this.list(address)).some((found) => found.address === address && !found.isSuperseded);
  }
}

function isForbidden(error: unknown): boolean {
  return error instanceof S3ServiceException && error.name === 'AccessDenied';
}

function placeOf(address: string): { Bucket: string; Key: string } {
  const [, Bucket, Key] = /^s3a?:\/\/([^/]+)\/(.*)$/.exec(address) ?? [];
  if (Bucket === undefined || Key === undefined) throw new Error(`${address} is no address on S3`);
  return { Bucket, Key };
}
