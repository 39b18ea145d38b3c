import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  GetObjectCommand,
  ListMultipartUploadsCommand,
  ListObjectVersionsCommand,
  type S3Client,
} from '@aws-sdk/client-s3';
import { findCanaries } from './canary-reader.ts';
import { decodeObject, type Kind } from './decode-object.ts';

/** What was read of a bucket, and where in it somebody was found. */
export interface BucketReading {
  readonly objects: number;
  readonly kinds: Readonly<Partial<Record<Kind, number>>>;
  /** Keys, with the kind of what they hold. */
  readonly found: readonly string[];
}

/** Reads every byte of every version of every object in a bucket, its name, and what is packed in it. */
export async function findCanariesInBucket(
  s3: S3Client,
  bucket: string,
  canaries: readonly string[],
): Promise<BucketReading> {
  const folder = mkdtempSync(join(tmpdir(), 'lethe-bucket-'));
  const kinds: Partial<Record<Kind, number>> = {};
  const names = new Map<string, string>();
  try {
    const versions = await versionsIn(s3, bucket);
    for (const [n, { key, version }] of versions.entries()) {
      const { Body } = await s3.send(new GetObjectCommand({ Bucket: bucket, Key: key, VersionId: version }));
      const bytes = Buffer.from((await Body?.transformToByteArray()) ?? []);
      const { kind, parts } = await decodeObject(bytes);
      kinds[kind] = (kinds[kind] ?? 0) + 1;
      names.set(`object-${n}`, `${key} (${kind}, ${version})`);
      mkdirSync(join(folder, `object-${n}`));
      writeFileSync(join(folder, `object-${n}`, 'name'), key);
      writeFileSync(join(folder, `object-${n}`, 'bytes'), bytes);
      for (const [at, part] of parts.entries()) writeFileSync(join(folder, `object-${n}`, `part-${at}`), part);
    }
    const places = await findCanaries(folder, canaries);
    const found = places.map((place) => names.get(place.split('/')[0] ?? '') ?? place);
    return { objects: versions.length, kinds, found: [...new Set(found)].sort() };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** Every version of every object in a bucket. @throws Error when an upload is unfinished: its parts cannot be read. */
export async function versionsIn(s3: S3Client, bucket: string): Promise<{ key: string; version: string }[]> {
  const { Uploads = [] } = await s3.send(new ListMultipartUploadsCommand({ Bucket: bucket }));
  if (Uploads.length > 0) throw new Error(`${Uploads.length} uploads are unfinished: their parts cannot be read`);
  const found: { key: string; version: string }[] = [];
  for (let from = {}; ; ) {
    const page = await s3.send(new ListObjectVersionsCommand({ Bucket: bucket, ...from }));
    for (const { Key = '', VersionId = 'null' } of page.Versions ?? []) found.push({ key: Key, version: VersionId });
    if (page.IsTruncated !== true) return found;
    from = { KeyMarker: page.NextKeyMarker, VersionIdMarker: page.NextVersionIdMarker };
  }
}
