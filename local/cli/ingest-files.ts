import { accessSync, constants, statSync } from 'node:fs';
import { resolve } from 'node:path';
import { InputError } from '../../core/errors.ts';
import type { Pipeline, Source } from '../../core/lake/pipeline.ts';
import type { LoadProgress } from '../ingest/load-file.ts';
import { countText, durationText, timeLeft } from './figures.ts';
import type { LetheOptions } from './lethe-options.ts';
import { withSession } from './open-session.ts';
import type { Place } from './place.ts';
import { untilInterrupted } from './until-interrupted.ts';

interface Options extends LetheOptions {
  readonly topic: string;
  readonly again?: true;
  readonly json?: true;
}

interface Ingested {
  readonly accepted: number;
  readonly rejected: Readonly<Record<string, number>>;
}

/** Appending gains nothing from more: rows wait here for the end of their file, and with this the process stays below 0.8 GiB. */
const memoryLimit = '300MB';

/** `lethe ingest`. All paths are looked at before the first is read, so that a mistyped one costs nothing. */
export async function ingestFiles(files: readonly string[], options: Options, place: Place): Promise<void> {
  const source = sourceOf(await place.pipelines(), options.topic);
  expectReadable(files);
  const { terminal } = place;
  await withSession(
    options,
    place,
    async (session) => {
      const results: (Ingested & { path: string })[] = [];
      for (const path of files) {
        const started = performance.now();
        const onProgress = (progress: LoadProgress) => {
          // The file's transaction is dropped with this error.
          place.interrupted.throwIfAborted();
          terminal.live(progressLine(path, progress, performance.now() - started));
        };
        const loading = session.ingest(source, path, { again: options.again === true, onProgress });
        const { accepted, rejectedByReason } = await untilInterrupted(place.interrupted, loading).finally(() =>
          terminal.live(''),
        );
        const result = { path, accepted, rejected: rejectedByReason };
        results.push(result);
        if (options.json !== true) await terminal.print(`${path}: ${resultText(result)}\n`);
      }
      const total = totalOf(results);
      if (options.json === true) await terminal.print(`${JSON.stringify({ files: results, ...total }, null, 2)}\n`);
      else if (results.length > 1) await terminal.print(`total: ${resultText(total)}\n`);
    },
    { memoryLimit },
  );
}

function sourceOf(pipelines: readonly Pipeline[], key: string): Source {
  const sources = pipelines.flatMap((pipeline) => pipeline.sources);
  const source = sources.find(({ topic }) => topic.key === key);
  if (source !== undefined) return source;
  throw new InputError(`--topic "${key}" is unknown: give ${sources.map(({ topic }) => topic.key).join(' or ')}.`);
}

function expectReadable(files: readonly string[]): void {
  const seen = new Set<string>();
  for (const file of files) {
    const path = resolve(file);
    if (seen.has(path)) throw new InputError(`${file}: is named twice; name it once.`);
    seen.add(path);
    const stats = statSync(path, { throwIfNoEntry: false });
    if (stats === undefined) throw new InputError(`${file}: there is no such file; check the name.`);
    if (stats.isDirectory())
      throw new InputError(`${file}: is a directory; name the files in it, such as ${file}/*.ndjson`);
    try {
      accessSync(path, constants.R_OK);
    } catch {
      throw new InputError(`${file}: may not be read; check its permissions.`);
    }
  }
}

/** Figures without thousands' marks: scripts read this line too. */
function resultText({ accepted, rejected }: Ingested): string {
  const reasons = Object.entries(rejected).sort(([, left], [, right]) => right - left);
  const sum = reasons.reduce((total, [, count]) => total + count, 0);
  const details = sum === 0 ? '' : ` (${reasons.map(([reason, count]) => `${reason}: ${count}`).join(', ')})`;
  return `accepted ${accepted}, rejected ${sum}${details}`;
}

function totalOf(results: readonly Ingested[]): Ingested {
  const rejected: Record<string, number> = {};
  let accepted = 0;
  for (const result of results) {
    accepted += result.accepted;
    for (const [reason, count] of Object.entries(result.rejected)) rejected[reason] = (rejected[reason] ?? 0) + count;
  }
  return { accepted, rejected };
}

function progressLine(path: string, progress: LoadProgress, elapsed: number): string {
  const records = progress.accepted + progress.rejected;
  const rate = elapsed < 200 ? '' : `, ${countText(Math.round(records / (elapsed / 1000)))}/s`;
  const left = timeLeft(progress.bytesRead, progress.bytesTotal, elapsed);
  const share = progress.bytesTotal === 0 ? '' : ` ${Math.floor((100 * progress.bytesRead) / progress.bytesTotal)} %,`;
  return `${path}:${share} ${countText(records)} records${rate}${left === undefined ? '' : `, ${durationText(left)} left`}`;
}
