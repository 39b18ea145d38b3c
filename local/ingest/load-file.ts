import { createHash } from 'node:crypto';
import { stat } from 'node:fs/promises';
import { basename } from 'node:path';
import type { DuckDBConnection } from '@duckdb/node-api';
import type { Topic } from '../../core/catalogue/topic.ts';
import { InputError, StatementFailed } from '../../core/errors.ts';
import { admit } from '../../core/ingest/admit.ts';
import type { Rejection, RejectionReason } from '../../core/ingest/rejection.ts';
import { type AppendedColumn, ChunkAppender } from './chunk-appender.ts';
import { createIngestedFiles, firstIngested, rememberFile } from './ingested-files.ts';
import { readContent } from './read-content.ts';
import { readLines } from './read-lines.ts';

export interface LoadFileProps {
  /** A connection that nothing else uses meanwhile, without an open transaction. */
  readonly connection: DuckDBConnection;
  readonly topic: Topic;
  /** Where the rows go: a table with the topic's fields, and the table of rejected records. */
  readonly tables: { readonly schema: string; readonly accepted: string; readonly rejected: string };
  readonly path: string;
  /** When the records came in. */
  readonly arrival: Date;
  /** Load content that has been loaded before. Default: it is refused. */
  readonly again?: boolean;
  /** Told after every MiB or so. Default: nobody is told. */
  readonly onProgress?: (progress: LoadProgress) => void;
}

export interface LoadProgress {
  readonly accepted: number;
  readonly rejected: number;
  /** Bytes read of the file as it is stored, packed or not. */
  readonly bytesRead: number;
  /** The file's size; 0 for a pipe. */
  readonly bytesTotal: number;
}

export interface LoadResult {
  readonly accepted: number;
  readonly rejectedByReason: Readonly<Partial<Record<RejectionReason, number>>>;
}

const rejectedColumns: readonly AppendedColumn[] = [
  { name: 'topic', kind: 'text' },
  { name: 'partition', kind: 'tokens' },
  { name: 'offset', kind: 'tokens' },
  { name: 'dt', kind: 'day' },
  { name: 'ingested_at', kind: 'instant' },
  { name: 'field', kind: 'text' },
  { name: 'reason', kind: 'text' },
];

const DAY_MILLISECONDS = 86_400_000;

/**
 * Appends the records of one file of NDJSON (gzip or not) to bronze, in one transaction: all of them, or after an error or a kill none.
 * A record that may not enter becomes a row of the rejected records, the file's name and line standing for topic and offset.
 * @throws InputError when the file cannot be read, or its content is in the table already and `again` is not set.
 */
export async function loadFile(props: LoadFileProps): Promise<LoadResult> {
  const { connection, topic } = props;
  const bytesTotal = await sizeOf(props.path);
  await createIngestedFiles(connection);
  await connection.run('begin transaction');
  try {
    const { contentHash, accepted, rejectedByReason } = await appendRecords(props, bytesTotal);
    const rejected = Object.values(rejectedByReason).reduce((sum, count) => sum + count, 0);
    // All empty files have the same content.
    const empty = accepted + rejected === 0;
    const earlier = empty || props.again === true ? undefined : await firstIngested(connection, topic.key, contentHash);
    if (earlier !== undefined) {
      throw new InputError(
        `${props.path}: its content was ingested on ${earlier} already; ask for it again to have it twice`,
      );
    }
    if (!empty) {
      await rememberFile(connection, { topic: topic.key, contentHash, ingestedAt: props.arrival, accepted, rejected });
    }
    await connection.run('commit');
    return { accepted, rejectedByReason };
  } catch (error) {
    // An error inside DuckDB may have ended the transaction already.
    await connection.run('rollback').catch(() => undefined);
    throw withoutValues(error, props.tables.accepted);
  }
}

async function appendRecords(props: LoadFileProps, bytesTotal: number): Promise<LoadResult & { contentHash: string }> {
  const { connection, topic, tables, arrival } = props;
  const rows = await ChunkAppender.open(connection, tables.schema, tables.accepted, topic.fields);
  const rejections = await ChunkAppender.open(connection, tables.schema, tables.rejected, rejectedColumns);
  const hash = createHash('sha256');
  const rejectedByReason: Partial<Record<RejectionReason, number>> = {};
  let accepted = 0;
  let rejected = 0;
  let bytesRead = 0;
  let lineNumber = 0;

  const name = basename(props.path);
  const arrivalDay = Math.floor(arrival.getTime() / DAY_MILLISECONDS);
  const arrivalMicros = BigInt(arrival.getTime()) * 1000n;
  const reject = ({ field, reason }: Rejection) => {
    rejected += 1;
    rejectedByReason[reason] = (rejectedByReason[reason] ?? 0) + 1;
    rejections.append([name, 0n, BigInt(lineNumber), arrivalDay, arrivalMicros, field, reason]);
  };

  try {
    const content = hashed(
      readContent(props.path, (bytes) => {
        bytesRead += bytes;
      }),
      hash,
    );
    for await (const lines of readLines(content)) {
      for (const line of lines) {
        lineNumber += 1;
        if (typeof line !== 'string') {
          reject({ field: null, reason: line.reason });
          continue;
        }
        if (isBlank(line)) continue;
        const admission = admit(topic, line, arrival);
        if ('row' in admission) {
          accepted += 1;
          rows.append(admission.row);
        } else reject(admission.rejected);
      }
      props.onProgress?.({ accepted, rejected, bytesRead, bytesTotal });
    }
    rows.close();
    rejections.close();
  } catch (error) {
    rows.discard();
    rejections.discard();
    throw error;
  }
  return { contentHash: hash.digest('hex'), accepted, rejectedByReason };
}

async function* hashed(chunks: AsyncIterable<Buffer>, hash: ReturnType<typeof createHash>): AsyncGenerator<Buffer> {
  for await (const chunk of chunks) {
    hash.update(chunk);
    yield chunk;
  }
}

function isBlank(line: string): boolean {
  return line.charCodeAt(0) > 0x20 ? false : /^[ \t\r]*$/.test(line);
}

async function sizeOf(path: string): Promise<number> {
  try {
    return (await stat(path)).size;
  } catch {
    // Opening it says what is wrong.
    return 0;
  }
}

/** DuckDB throws plain errors whose messages can quote a row: only their kind ("Constraint Error") is passed on. */
function withoutValues(error: unknown, table: string): unknown {
  const text = String(error);
  if (!text.startsWith('Error: ')) return error;
  const kind = /^Error: ([A-Z][A-Za-z]+(?: [A-Z][A-Za-z]+)? Error):/.exec(text)?.[1] ?? 'an error of DuckDB';
  return new StatementFailed(`appending to ${table} ended with ${kind}; nothing of the file was stored`);
}
