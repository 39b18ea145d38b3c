import type { Erasures } from '../dsr/erasures.ts';
import type { Measure } from '../monitoring/metrics.ts';
import type { Settings } from '../settings.ts';
import type { StatementFile } from '../sql/statement.ts';
import type { Engine } from './engine.ts';
import type { Pipeline } from './pipeline.ts';
import type { RunLedger } from './run-ledger.ts';

/** Everything a task of a workflow needs from the place it runs in. AWS and the embedded run each make one. */
export interface Runtime {
  readonly pipelines: readonly Pipeline[];
  readonly settings: Settings;
  readonly engine: Engine;
  readonly ledger: RunLedger;
  /** Its tables' rows lie in files, and SQL can name them (`"$path"`). Default: they do not. */
  readonly namesFiles?: true;
  /** The statement file at a path below `sql/`, without the ending. */
  readonly statement: (name: string) => StatementFile;
  /** The instant up to which a pipeline's sources are committed to their tables. */
  readonly watermark: (pipeline: Pipeline) => Promise<Date>;
  /** What erasures need. Default: nobody can be erased here, and nobody is being. */
  readonly erasures?: Erasures;
  /** Takes a measurement, as `runtime.metric?.('RowsErased', 12)`. Default: nobody measures here. */
  readonly metric?: Measure;
  readonly now: () => Date;
  /** The clock that turns are held by, where `now` may be one that somebody has set: other processes hold theirs by it too. Default: `now`. */
  readonly turnClock?: () => Date;
  readonly sleep: (millis: number) => Promise<void>;
  /** First pause, in milliseconds, before a started statement is looked at again; each later one is twice as long. */
  readonly firstPollMillis: number;
}
