import { askEngine } from '../../core/lake/ask-engine.ts';
import type { Engine } from '../../core/lake/engine.ts';
import type { Runtime } from '../../core/lake/runtime.ts';
import { fillIn } from '../../core/sql/statement.ts';
import { type LagOfSink, lastWithoutLag } from './sink-lag.ts';

export interface SinkWatermarkProps {
  readonly engine: Engine;
  readonly statement: Runtime['statement'];
  readonly now: () => Date;
  readonly sleep: (millis: number) => Promise<void>;
  /** Default: lag is measured nowhere. */
  readonly lag?: LagOfSink;
}

/** For so long the same question is asked, and answered once: a task that is tried again finds it running. */
const sameQuestionMillis = 10 * 60_000;
/** Snapshots older than this say nothing about the window that a run waits for. */
const lookBackMillis = 3 * 86_400_000;

/**
 * The instant up to which everything in Kafka is in bronze: the later of what the sink wrote down with its snapshots and
 * of the last time at which its consumers had nothing left to read. Either alone is enough; the first is silent while a
 * partition is idle, the second while records keep coming in faster than they are measured. Where there is no Kafka and no
 * snapshot says anything, the clock counts: what fills bronze has to be done with a day when silver starts on it.
 */
export function sinkWatermark(props: SinkWatermarkProps): Runtime['watermark'] {
  return async (pipeline) => {
    const tables = new Set(pipeline.sources.map(({ table }) => table.name));
    const recorded = Math.min(...(await Promise.all([...tables].map((table) => validThrough(props, table)))));
    if (props.lag === undefined) return recorded === 0 ? props.now() : new Date(recorded);
    return new Date(Math.max(recorded, await lastWithoutLag(props.lag, props.now())));
  };
}

/** Milliseconds since the epoch; 0 when no snapshot says anything. @throws StatementFailed when it cannot be found out. */
async function validThrough({ engine, statement, now, sleep }: SinkWatermarkProps, table: string): Promise<number> {
  const since = new Date(
    Math.floor((now().getTime() - lookBackMillis) / sameQuestionMillis) * sameQuestionMillis,
  ).toISOString();
  const sql = fillIn(statement('ingest/valid_through'), {
    snapshots: { type: 'identifier', value: `${table}$snapshots` },
    since: { type: 'timestamp', value: since },
  });
  const [row] = await askEngine({ engine, sleep }, sql, `valid-through ${table} ${since}`);
  const millis = Date.parse(row?.valid_through ?? '');
  return Number.isNaN(millis) ? 0 : millis;
}
