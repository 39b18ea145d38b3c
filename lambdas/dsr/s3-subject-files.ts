import {
  AlreadyExistsException,
  CreatePartitionCommand,
  DeletePartitionCommand,
  EntityNotFoundException,
  GetTableCommand,
  type GlueClient,
} from '@aws-sdk/client-glue';
import { DeleteObjectCommand, GetObjectCommand, PutObjectCommand, type S3Client } from '@aws-sdk/client-s3';
import { z } from 'zod';
import type { Subject, SubjectFiles } from '../../core/dsr/erasures.ts';
import { subjectsPrefix, subjectsTable } from '../../core/dsr/subjects-table.ts';

export interface S3SubjectFilesProps {
  readonly s3: S3Client;
  readonly glue: GlueClient;
  /** The lake's bucket. It has no versions: what is deleted from it is gone. */
  readonly bucket: string;
  readonly database: string;
}

/** One object for each batch below the lake's bucket, and a partition of `dsr_subjects` that shows it to SQL. */
export class S3SubjectFiles implements SubjectFiles {
  readonly #props: S3SubjectFilesProps;

  constructor(props: S3SubjectFilesProps) {
    this.#props = props;
  }

  async write(batch: string, subjects: readonly Subject[]): Promise<void> {
    const { s3, bucket } = this.#props;
    const lines = subjects.map(
      ({ identity, scopeEnds }) => `${JSON.stringify({ subject: identity, scope_ends: hiveTimestamp(scopeEnds) })}\n`,
    );
    // The object before the partition: a partition without it would be a batch without people.
    await s3.send(
      new PutObjectCommand({
        Bucket: bucket,
        Key: keyOf(batch),
        Body: lines.join(''),
        ContentType: 'application/x-ndjson',
      }),
    );
    await this.#addPartition(batch);
  }

  async read(batch: string): Promise<Subject[]> {
    const { s3, bucket } = this.#props;
    const { Body } = await s3.send(new GetObjectCommand({ Bucket: bucket, Key: keyOf(batch) }));
    const lines = ((await Body?.transformToString()) ?? '').split('\n').filter((line) => line !== '');
    return lines.map((line) => {
      const { subject, scope_ends } = lineShape.parse(JSON.parse(line));
      return { identity: subject, scopeEnds: `${scope_ends.replace(' ', 'T')}Z` };
    });
  }

  async destroy(batch: string): Promise<void> {
    const { s3, glue, bucket, database } = this.#props;
    await s3.send(new DeleteObjectCommand({ Bucket: bucket, Key: keyOf(batch) }));
    try {
      await glue.send(
        new DeletePartitionCommand({ DatabaseName: database, TableName: subjectsTable.name, PartitionValues: [batch] }),
      );
    } catch (error) {
      if (!(error instanceof EntityNotFoundException)) throw error;
    }
  }

  async #addPartition(batch: string): Promise<void> {
    const { glue, bucket, database } = this.#props;
    const table = { DatabaseName: database, Name: subjectsTable.name };
    const { Table } = await glue.send(new GetTableCommand(table));
    // As the table's own, but for the place: how its files are read is said once, by the table's DDL.
    const descriptor = { ...Table?.StorageDescriptor, Location: `s3://${bucket}/${folderOf(batch)}` };
    try {
      await glue.send(
        new CreatePartitionCommand({
          DatabaseName: database,
          TableName: subjectsTable.name,
          PartitionInput: { Values: [batch], StorageDescriptor: descriptor },
        }),
      );
    } catch (error) {
      if (!(error instanceof AlreadyExistsException)) throw error;
    }
  }
}

function folderOf(batch: string): string {
  return `${subjectsPrefix}batch=${batch}/`;
}

function keyOf(batch: string): string {
  return `${folderOf(batch)}subjects.json`;
}

const lineShape = z.object({ subject: z.string(), scope_ends: z.string() });

/** Hive's reader of JSON takes `2026-03-05 10:00:00.000` for a timestamp, and no ISO 8601. */
function hiveTimestamp(iso: string): string {
  return new Date(iso).toISOString().slice(0, -1).replace('T', ' ');
}
