import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { GetObjectCommand, ListObjectsV2Command, type S3Client } from '@aws-sdk/client-s3';

/** An object of a bucket. */
export interface StoredObject {
  readonly key: string;
  readonly bytes: number;
}

/** The keys of a bucket's objects below a prefix. */
export async function keysBelow(s3: S3Client, bucket: string, prefix: string): Promise<string[]> {
  return (await objectsBelow(s3, bucket, prefix)).map(({ key }) => key);
}

/** A bucket's objects below a prefix. */
export async function objectsBelow(s3: S3Client, bucket: string, prefix: string): Promise<StoredObject[]> {
  const objects: StoredObject[] = [];
  let token: string | undefined;
  do {
    const page = await s3.send(
      new ListObjectsV2Command({ Bucket: bucket, Prefix: prefix, ...(token && { ContinuationToken: token }) }),
    );
    for (const { Key, Size = 0 } of page.Contents ?? []) {
      if (Key !== undefined) objects.push({ key: Key, bytes: Size });
    }
    token = page.NextContinuationToken;
  } while (token !== undefined);
  return objects;
}

/** An object's bytes. */
export async function bytesOf(s3: S3Client, bucket: string, key: string): Promise<Buffer> {
  const { Body } = await s3.send(new GetObjectCommand({ Bucket: bucket, Key: key }));
  return Buffer.from((await Body?.transformToByteArray()) ?? []);
}

/** Writes objects into a folder, under numbers that keep the ends of their names; returns the paths. */
export async function download(
  s3: S3Client,
  bucket: string,
  keys: readonly string[],
  folder: string,
): Promise<string[]> {
  mkdirSync(folder, { recursive: true });
  const paths: string[] = [];
  for (const [at, key] of keys.entries()) {
    const path = join(folder, `${at}-${key.split('/').at(-1)}`);
    writeFileSync(path, await bytesOf(s3, bucket, key));
    paths.push(path);
  }
  return paths;
}
