import { ListObjectsV2Command, type S3Client } from '@aws-sdk/client-s3';
import type { Batch } from '../../core/dsr/request-store.ts';
import type { StatementRecord } from '../../core/lake/run-ledger.ts';
import { dollarsOf } from '../../core/monitoring/statement-cost.ts';
import type { ErasingTrinoLake } from '../../test/dsr/erasing-trino-lake.ts';
import { sum } from '../figures.ts';

/** What the erasure of some people cost. */
export interface ErasureCost {
  readonly people: number;
  readonly batches: number;
  readonly rows: number;
  /** Days of bronze that held rows of theirs, and the data files they lay in. */
  readonly days: readonly string[];
  /** Seconds that statements took, one after the other; the proof and the waits are apart. */
  readonly statementSeconds: number;
  /** Seconds from the first request to rows that no query finds, and all ticks together, without the waits between them. */
  readonly erasingSeconds: number;
  readonly tickSeconds: number;
  /** Bytes that statements read, by statement: those of the late sweeps are apart. */
  readonly bytesRead: Readonly<Record<string, number>>;
  readonly bytesOfSweeps: Readonly<Record<string, number>>;
  /** Bytes of data files that were there afterwards and not before. */
  readonly bytesWritten: number;
  /** US dollars that the statements would have cost on Athena, each billed for 10 MB at least. */
  readonly dollars: number;
}

/** Erases people in batches, a list of them each, and waits until every batch is closed. */
export async function measureErasure(
  lake: ErasingTrinoLake,
  groups: readonly (readonly string[])[],
): Promise<ErasureCost> {
  const heard: Heard = { statements: [], millis: 0 };
  const stop = listen(lake, heard);
  const before = await dataFiles(lake.s3, lake.bucket);
  const known = new Set((await lake.erasures.store.batches()).map(({ id }) => id));
  try {
    for (const people of groups) {
      await lake.submit(...people);
      await lake.tick();
    }
    const erasing = heard.millis;
    const written = new Map([...(await dataFiles(lake.s3, lake.bucket))].filter(([key]) => !before.has(key)));
    const batches = (await lake.tickToTheEnd()).filter(({ id }) => !known.has(id));
    const sweeps = batches.flatMap(({ rounds }) => rounds.filter(({ kind }) => kind === 'sweep'));
    const sweeping = new Set(sweeps.flatMap(({ runs }) => runs));
    return {
      people: groups.flat().length,
      batches: batches.length,
      ...rowsAndDays(batches),
      statementSeconds: sum(heard.statements.map(({ millis }) => millis)) / 1_000,
      erasingSeconds: erasing / 1_000,
      tickSeconds: heard.millis / 1_000,
      bytesRead: bytesByStatement(heard.statements.filter(({ run }) => !sweeping.has(run))),
      bytesOfSweeps: bytesByStatement(heard.statements.filter(({ run }) => sweeping.has(run))),
      bytesWritten: sum([...written.values()]),
      dollars: sum(heard.statements.map(dollarsOf)),
    };
  } finally {
    stop();
  }
}

function rowsAndDays(batches: readonly Batch[]): { rows: number; days: string[] } {
  const counts = batches.flatMap(({ rounds }) => rounds.flatMap(({ before }) => Object.values(before)));
  const days = new Set(counts.flatMap((byDay) => Object.keys(byDay)));
  const rows = sum(counts.flatMap((byDay) => Object.values(byDay).map((count) => count.subjects)));
  return { rows, days: [...days].sort() };
}

interface Heard {
  readonly statements: StatementRecord[];
  /** How long the lake's runs took. */
  millis: number;
}

/** Hears of every statement that the lake's ledger is told of and times every run, until it is called again. */
function listen(lake: ErasingTrinoLake, heard: Heard): () => void {
  const { ledger } = lake.runtime;
  const { recordStatement } = ledger;
  const { run } = lake;
  ledger.recordStatement = async (statement) => {
    heard.statements.push(statement);
    await recordStatement.call(ledger, statement);
  };
  lake.run = async (...what) => {
    const began = performance.now();
    try {
      await run(...what);
    } finally {
      heard.millis += performance.now() - began;
    }
  };
  return () => {
    ledger.recordStatement = recordStatement;
    lake.run = run;
  };
}

function bytesByStatement(statements: readonly StatementRecord[]): Record<string, number> {
  const bytes: Record<string, number> = {};
  for (const { statement, bytesScanned } of statements) bytes[statement] = (bytes[statement] ?? 0) + bytesScanned;
  return bytes;
}

/** The data files of a bucket's tables, with their sizes. */
export async function dataFiles(s3: S3Client, bucket: string): Promise<Map<string, number>> {
  const files = new Map<string, number>();
  let token: string | undefined;
  do {
    const page = await s3.send(new ListObjectsV2Command({ Bucket: bucket, ContinuationToken: token }));
    for (const { Key = '', Size = 0 } of page.Contents ?? []) if (Key.endsWith('.parquet')) files.set(Key, Size);
    token = page.NextContinuationToken;
  } while (token !== undefined);
  return files;
}
