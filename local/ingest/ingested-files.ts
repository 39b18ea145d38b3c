import type { DuckDBConnection } from '@duckdb/node-api';

/** What is remembered of a file once it is in bronze. */
export interface IngestedFile {
  /** The topic's key. */
  readonly topic: string;
  /** SHA-256 of the unpacked content, so that a file and its gzip are the same. */
  readonly contentHash: string;
  readonly ingestedAt: Date;
  readonly accepted: number;
  readonly rejected: number;
}

/** Makes the table of ingested files, unless it is there. It holds neither names of files nor anything of their records. */
export async function createIngestedFiles(connection: DuckDBConnection): Promise<void> {
  await connection.run('create schema if not exists lethe_internal');
  await connection.run(
    `create table if not exists lethe_internal.lethe_ingested_files
     (topic varchar, content_hash varchar, ingested_at timestamp, accepted bigint, rejected bigint)`,
  );
}

/** When content with this hash came into the topic's table for the first time, as ISO 8601; undefined when it never did. */
export async function firstIngested(
  connection: DuckDBConnection,
  topic: string,
  contentHash: string,
): Promise<string | undefined> {
  const reader = await connection.runAndReadAll(
    `select strftime(min(ingested_at), '%Y-%m-%dT%H:%M:%SZ') from lethe_internal.lethe_ingested_files
     where topic = $topic and content_hash = $contentHash`,
    { topic, contentHash },
  );
  const first = reader.getRows()[0]?.[0];
  return typeof first === 'string' ? first : undefined;
}

export async function rememberFile(connection: DuckDBConnection, file: IngestedFile): Promise<void> {
  await connection.run(
    `insert into lethe_internal.lethe_ingested_files
     values ($topic, $contentHash, make_timestamp(cast($micros as bigint)), $accepted, $rejected)`,
    {
      topic: file.topic,
      contentHash: file.contentHash,
      micros: BigInt(file.ingestedAt.getTime()) * 1000n,
      accepted: file.accepted,
      rejected: file.rejected,
    },
  );
}
