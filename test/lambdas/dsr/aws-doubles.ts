import { createCipheriv, createDecipheriv, createHmac, generateKeyPairSync, randomBytes, sign } from 'node:crypto';
import { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import { AlreadyExistsException, EntityNotFoundException, GlueClient } from '@aws-sdk/client-glue';
import { KMSClient } from '@aws-sdk/client-kms';
import { NoSuchKey, S3Client } from '@aws-sdk/client-s3';
import { SQSClient } from '@aws-sdk/client-sqs';
import { z } from 'zod';
import { type Asked, answering } from '../lake/answering.ts';

/** Told of each call before it is answered; what it throws is the answer. */
export type OnAsked = (asked: Asked) => void;

const region = { region: 'eu-central-1', credentials: { accessKeyId: 'a', secretAccessKey: 'b' } };
const bytes = z.instanceof(Uint8Array);
const unknown = ({ operation }: Asked) => new Error(`the double knows no ${operation}`);

const kmsInput = z.looseObject({
  Message: bytes.optional(),
  CiphertextBlob: bytes.optional(),
  EncryptionContext: z.record(z.string(), z.string()).optional(),
});

/** A KMS with one key for everything, which knows what erasures ask of it. */
export function kmsDouble(onAsked: OnAsked): KMSClient {
  const secret = randomBytes(32);
  const iv = Buffer.alloc(12);
  const pair = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  return answering(new KMSClient(region), (asked) => {
    onAsked(asked);
    const { Message, CiphertextBlob, EncryptionContext } = kmsInput.parse(asked.input);
    const context = Buffer.from(JSON.stringify(EncryptionContext ?? {}));
    switch (asked.operation) {
      case 'GenerateDataKey': {
        const Plaintext = randomBytes(32);
        const cipher = createCipheriv('aes-256-gcm', secret, iv).setAAD(context);
        const sealed = Buffer.concat([cipher.update(Plaintext), cipher.final()]);
        return { Plaintext, CiphertextBlob: Buffer.concat([cipher.getAuthTag(), sealed]) };
      }
      case 'Decrypt': {
        const blob = Buffer.from(CiphertextBlob ?? []);
        const decipher = createDecipheriv('aes-256-gcm', secret, iv).setAAD(context).setAuthTag(blob.subarray(0, 16));
        return { Plaintext: Buffer.concat([decipher.update(blob.subarray(16)), decipher.final()]) };
      }
      case 'GenerateMac':
        return {
          Mac: createHmac('sha256', secret)
            .update(Buffer.from(Message ?? []))
            .digest(),
        };
      case 'Sign':
        // The caller has made the digest; Node signs none, so that here it is the message.
        return { Signature: sign('sha256', Buffer.from(Message ?? []), pair.privateKey) };
      case 'GetPublicKey':
        return { PublicKey: pair.publicKey.export({ type: 'spki', format: 'der' }) };
      default:
        throw unknown(asked);
    }
  });
}

const objectInput = z.looseObject({
  Bucket: z.string(),
  Key: z.string().optional(),
  Prefix: z.string().default(''),
  Body: z.string().optional(),
  IfNoneMatch: z.string().optional(),
  Delete: z.object({ Objects: z.array(z.object({ Key: z.string() })) }).optional(),
});

/** An S3 that keeps texts in memory. */
export function s3Double(onAsked: OnAsked, objects = new Map<string, string>()): S3Client {
  return answering(new S3Client(region), (asked) => {
    onAsked(asked);
    const { Bucket, Key, Prefix, Body, IfNoneMatch, Delete } = objectInput.parse(asked.input);
    const name = `${Bucket}/${Key}`;
    switch (asked.operation) {
      case 'PutObject':
        if (IfNoneMatch !== undefined && objects.has(name)) {
          throw Object.assign(new Error('taken'), { name: 'PreconditionFailed' });
        }
        objects.set(name, Body ?? '');
        return {};
      case 'GetObject': {
        const text = objects.get(name);
        if (text === undefined) throw new NoSuchKey({ $metadata: {}, message: 'none' });
        return { Body: { transformToString: async () => text } };
      }
      case 'DeleteObject':
        objects.delete(name);
        return {};
      case 'ListObjectsV2': {
        const keys = [...objects.keys()].filter((key) => key.startsWith(`${Bucket}/${Prefix}`));
        return { Contents: keys.map((key) => ({ Key: key.slice(Bucket.length + 1) })) };
      }
      case 'DeleteObjects':
        for (const { Key: key } of Delete?.Objects ?? []) objects.delete(`${Bucket}/${key}`);
        return {};
      default:
        throw unknown(asked);
    }
  });
}

const partitionInput = z.looseObject({
  PartitionInput: z.looseObject({ Values: z.array(z.string()) }).optional(),
  PartitionValues: z.array(z.string()).optional(),
});

/** A Glue that knows one partitioned table. */
export function glueDouble(onAsked: OnAsked): GlueClient {
  const partitions = new Set<string>();
  return answering(new GlueClient(region), (asked) => {
    onAsked(asked);
    const { PartitionInput, PartitionValues } = partitionInput.parse(asked.input);
    const name = (PartitionInput?.Values ?? PartitionValues ?? []).join('/');
    switch (asked.operation) {
      case 'GetTable':
        return { Table: { Name: 'dsr_subjects', StorageDescriptor: { Columns: [] } } };
      case 'CreatePartition':
        if (partitions.has(name)) throw new AlreadyExistsException({ $metadata: {}, message: 'there' });
        partitions.add(name);
        return {};
      case 'DeletePartition':
        if (!partitions.delete(name)) throw new EntityNotFoundException({ $metadata: {}, message: 'gone' });
        return {};
      default:
        throw unknown(asked);
    }
  });
}

/** A queue that takes everything. */
export function sqsDouble(onAsked: OnAsked): SQSClient {
  return answering(new SQSClient(region), (asked) => {
    onAsked(asked);
    return {};
  });
}

const entry = z.looseObject({ Detail: z.string() });

/** A bus that takes everything but events whose detail it refuses. Default: it refuses none. */
export function eventBridgeDouble(
  onAsked: OnAsked,
  refuses: (detail: string) => boolean = () => false,
): EventBridgeClient {
  return answering(new EventBridgeClient(region), (asked) => {
    onAsked(asked);
    const { Entries } = z.object({ Entries: z.array(entry).max(10) }).parse(asked.input);
    const answers = Entries.map(({ Detail }, n) =>
      refuses(Detail) ? { ErrorCode: 'ThrottlingException', ErrorMessage: 'later' } : { EventId: String(n) },
    );
    return { FailedEntryCount: answers.filter(({ ErrorCode }) => ErrorCode !== undefined).length, Entries: answers };
  });
}
