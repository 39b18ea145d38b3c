import {
  DeleteObjectsCommand,
  GetObjectCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  type S3Client,
} from '@aws-sdk/client-s3';
import { z } from 'zod';
import { type CondemnedFiles, condemnedPrefix } from '../../core/dsr/erasures.ts';

export interface S3CondemnedFilesProps {
  readonly s3: S3Client;
  /** The lake's bucket. */
  readonly bucket: string;
}

const listShape = z.array(z.string());

/** For each batch and table one object that lists addresses. They hold days and random numbers, and nobody's identity. */
export class S3CondemnedFiles implements CondemnedFiles {
  readonly #props: S3CondemnedFilesProps;

  constructor(props: S3CondemnedFilesProps) {
    this.#props = props;
  }

  async add(batch: string, table: string, files: readonly string[]): Promise<void> {
    const { s3, bucket } = this.#props;
    const all = [...new Set([...(await this.of(batch, table)), ...files])].sort();
    if (all.length === 0) return;
    await s3.send(
      new PutObjectCommand({
        Bucket: bucket,
        Key: keyOf(batch, table),
        Body: JSON.stringify(all),
        ContentType: 'application/json',
      }),
    );
  }

  async of(batch: string, table: string): Promise<string[]> {
    const { s3, bucket } = this.#props;
    const Key = keyOf(batch, table);
    // Asked for an object that is not there, S3 answers who may list only below a prefix that it is forbidden.
    const { Contents = [] } = await s3.send(new ListObjectsV2Command({ Bucket: bucket, Prefix: Key, MaxKeys: 1 }));
    if (Contents.length === 0) return [];
    const { Body } = await s3.send(new GetObjectCommand({ Bucket: bucket, Key }));
    return listShape.parse(JSON.parse((await Body?.transformToString()) ?? '[]'));
  }

  async destroy(batch: string): Promise<void> {
    const { s3, bucket } = this.#props;
    // One for each table: never more than a page.
    const { Contents = [] } = await s3.send(new ListObjectsV2Command({ Bucket: bucket, Prefix: folderOf(batch) }));
    const keys = Contents.flatMap(({ Key }) => (Key === undefined ? [] : [{ Key }]));
    if (keys.length > 0) await s3.send(new DeleteObjectsCommand({ Bucket: bucket, Delete: { Objects: keys } }));
  }
}

function folderOf(batch: string): string {
  return `${condemnedPrefix}${batch}/`;
}

function keyOf(batch: string, table: string): string {
  return `${folderOf(batch)}${table}.json`;
}
