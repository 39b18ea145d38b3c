import { PutObjectCommand } from '@aws-sdk/client-s3';
import { chatPipeline } from '../../core/chat/pipeline.ts';
import { admit, type StoredValue } from '../../core/ingest/admit.ts';
import type { Source } from '../../core/lake/pipeline.ts';
import { demoDays } from '../../local/demo/generate.ts';
import type { ErasingTrinoLake } from '../../test/dsr/erasing-trino-lake.ts';

export interface DaysOfDemo {
  /** The last day, `YYYY-MM-DD`. */
  readonly endsOn: string;
  readonly days: number;
  /** Chat messages of all days together, met within a few per cent. */
  readonly messages: number;
}

/** Lines of one object that Trino reads. */
const linesPerObject = 100_000;

/** Fills both bronze tables with the demonstration's admitted records, in one statement each. */
export async function fillDays(lake: ErasingTrinoLake, demo: DaysOfDemo): Promise<void> {
  for (const source of chatPipeline.sources) {
    const raw = `hive."${lake.database}".raw_${source.topic.key}`;
    const folder = `raw/${source.topic.key}/`;
    await putLines(lake, folder, admittedLines(source, demo, lake.at));
    const { fields } = source.topic;
    const columns = fields.map(({ name }) => `"${name}" varchar`).join(', ');
    await lake.trino(
      `create table ${raw} (${columns}) with (format = 'JSON', external_location = 's3://${lake.bucket}/${folder}')`,
    );
    const names = fields.map(({ name }) => `"${name}"`).join(', ');
    await lake.trino(
      `insert into ${source.table.name} (${names}) select ${fields.map((_, at) => stored(source, at)).join(', ')} from ${raw}`,
    );
    await lake.trino(`drop table ${raw}`);
  }
}

function* admittedLines({ topic }: Source, demo: DaysOfDemo, arrival: Date): Generator<string> {
  for (const { chat, tool } of demoDays(demo)) {
    for (const line of topic.key === 'chat' ? chat : tool) {
      const admission = admit(topic, line, arrival);
      if ('row' in admission) yield JSON.stringify(asTexts(topic.fields, admission.row));
    }
  }
}

function asTexts(fields: readonly { readonly name: string }[], row: readonly StoredValue[]): Record<string, string> {
  const texts: Record<string, string> = {};
  for (const [at, { name }] of fields.entries()) {
    const value = row[at];
    if (value !== null && value !== undefined) texts[name] = String(value);
  }
  return texts;
}

async function putLines({ s3, bucket }: ErasingTrinoLake, folder: string, lines: Iterable<string>): Promise<void> {
  const put = (n: number, block: readonly string[]) =>
    s3.send(new PutObjectCommand({ Bucket: bucket, Key: `${folder}${n}.json`, Body: block.join('\n') }));
  let block: string[] = [];
  let objects = 0;
  for (const line of lines) {
    block.push(line);
    if (block.length < linesPerObject) continue;
    await put(objects++, block);
    block = [];
  }
  await put(objects, block);
}

/** A field's column from the text of what admission stores: microseconds, days since 1970, billionths of a dollar. */
function stored({ topic, table }: Source, at: number): string {
  const { name, kind } = topic.fields[at] ?? { name: '', kind: 'text' };
  switch (kind) {
    case 'instant':
      return `cast(from_unixtime_nanos(cast("${name}" as bigint) * 1000) at time zone 'UTC' as timestamp(6))`;
    case 'day':
      return `date_add('day', cast("${name}" as bigint), date '1970-01-01')`;
    case 'cost':
      return `cast(cast("${name}" as decimal(38, 0)) * decimal '0.000000001' as decimal(18, 9))`;
    default:
      return `cast("${name}" as ${table.columns[at]?.type.replace('string', 'varchar')})`;
  }
}
