import { setTimeout as sleep } from 'node:timers/promises';
import type { Settings } from '../../core/settings.ts';
import { lakeBucket } from '../../stack/stack.ts';
import { type LakeSink, type LakeSinkOptions, newSinkNames, removeLakeSink, startLakeSink } from './lake-sink.ts';
import { type StackAddresses, stackAddresses } from './stack-addresses.ts';
import { openTrinoLake, type TrinoLake } from './trino-lake.ts';

/** A lake whose bronze the real sink fills from topics of its own. */
export interface SinkLake extends TrinoLake, LakeSink {
  /** Waits until bronze holds so many records, accepted and rejected ones together. */
  untilStored(records: number, withinSeconds: number): Promise<void>;
}

export interface SinkLakeOptions extends Pick<LakeSinkOptions, 'commitSeconds' | 'waiting'> {
  readonly settings?: Partial<Settings>;
  readonly at?: Date;
  /** Partitions of each topic. Default: 3. */
  readonly partitions?: number;
  /** A database with the tables in it, and where they lie. Default: one of its own, with the tables made. */
  readonly database?: string;
  readonly location?: string;
  /** Where everything is. Default: the suite's stack. */
  readonly stack?: Pick<StackAddresses, 'athenaUrl' | 'awsUrl' | 'bootstrapServers' | 'connectUrl'>;
}

/** Makes a database, topics and a sink between them. */
export async function openSinkLake(options: SinkLakeOptions = {}): Promise<SinkLake> {
  const stack = options.stack ?? stackAddresses();
  const names = newSinkNames();
  const location = options.location ?? `s3://${lakeBucket}/${names.sink}`;
  const lake = await openTrinoLake({
    athenaUrl: stack.athenaUrl,
    location,
    settings: { ...options.settings, topics: names.topicNames },
    ...(options.at === undefined ? {} : { at: options.at }),
    ...(options.database === undefined ? {} : { database: options.database }),
  });
  const sink = await startLakeSink({
    ...names,
    stack,
    location,
    settings: lake.runtime.settings,
    ...(options.partitions === undefined ? {} : { partitions: options.partitions }),
    ...(options.commitSeconds === undefined ? {} : { commitSeconds: options.commitSeconds }),
    ...(options.waiting === undefined ? {} : { waiting: options.waiting }),
  });
  const close = lake.close;
  return Object.assign(lake, sink, {
    untilStored: (records: number, withinSeconds: number) => untilStored(lake, records, withinSeconds),
    close: async () => {
      await removeLakeSink(names.sink, stack.connectUrl);
      await close();
    },
  });
}

async function untilStored(lake: TrinoLake, records: number, withinSeconds: number): Promise<void> {
  const deadline = Date.now() + withinSeconds * 1_000;
  let stored = -1;
  while (Date.now() < deadline) {
    const [counted] = await lake.query(
      `select (select count(*) from bronze_chat_events) + (select count(*) from bronze_tool_calls)
         + (select count(*) from bronze_rejected_records) as stored`,
    );
    stored = Number(counted?.stored);
    if (stored === records) return;
    if (stored > records) break;
    await sleep(1_000);
  }
  throw new Error(`bronze holds ${stored} records, ${records} were sent`);
}
