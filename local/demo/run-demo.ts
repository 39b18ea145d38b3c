import { mkdtempSync, rmSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { InputError } from '../../core/errors.ts';
import type { Source } from '../../core/lake/pipeline.ts';
import { maintenanceWorkflow } from '../../core/maintenance/maintenance-workflow.ts';
import { addDays, dateOf, parseDate } from '../../core/window.ts';
import { countText, durationText, timeLeft } from '../cli/figures.ts';
import { ingestedFiles } from '../cli/lake-questions.ts';
import type { LetheOptions } from '../cli/lethe-options.ts';
import { withSession } from '../cli/open-session.ts';
import type { Place } from '../cli/place.ts';
import { readSettings } from '../cli/settings-file.ts';
import { untilInterrupted } from '../cli/until-interrupted.ts';
import { homeDirectory } from '../home/home-directory.ts';
import type { Session } from '../session.ts';
import { type DemoMarker, readDemoMarker, writeDemoMarker } from './demo-marker.ts';
import { type DemoDay, demoDays, demoMessages } from './generate.ts';
import { scheduledRuns } from './scheduled-runs.ts';
import { readSummary } from './summary.ts';
import { summaryText } from './summary-text.ts';

/** What `lethe demo` takes, as it was typed. */
export interface DemoOptions extends LetheOptions {
  readonly days?: string;
  readonly messages?: string;
  readonly endsOn?: string;
}

/** `lethe demo`: lets the days pass that have not passed yet, and prints the summary. */
export async function runDemo(options: DemoOptions, place: Place): Promise<void> {
  const marker = markerFor(options, place);
  readSettings(options.config);
  writeDemoMarker(homeDirectory(options.home), marker);
  const clock = { now: place.now() };
  const pass = async (session: Session) => {
    await untilInterrupted(place.interrupted, passDays(session, options.home, marker, clock, place));
    place.terminal.live('');
    clock.now = new Date(`${addDays(marker.endsOn, 1)}T12:00:00Z`);
    await place.terminal.print(summaryText(await readSummary(session), options.home));
  };
  // Its days are small: a second thread costs a statement more than it saves, and the statements of a stage run at once anyway.
  await withSession(options, place, pass, { now: () => clock.now, threads: 1 });
}

/** What the home has begun, or what was asked for. @throws InputError where these differ, or a value makes no sense. */
function markerFor(options: DemoOptions, place: Place): DemoMarker {
  const asked = {
    ...(options.endsOn === undefined ? {} : { endsOn: parseDate(options.endsOn, '--ends-on') }),
    ...(options.days === undefined ? {} : { days: wholeNumber(options.days, '--days', 1000) }),
    ...(options.messages === undefined ? {} : { messages: wholeNumber(options.messages, '--messages', 100_000_000) }),
  };
  const begun = readDemoMarker(options.home);
  if (begun === undefined) {
    return { endsOn: addDays(dateOf(place.now().getTime()), -1), days: 75, messages: demoMessages, ...asked };
  }
  const { endsOn, days, messages } = { ...begun, ...asked };
  if (endsOn !== begun.endsOn || days !== begun.days || messages !== begun.messages) {
    throw new InputError(
      `--home ${options.home} holds a demonstration of ${begun.days} days to ${begun.endsOn} with ${begun.messages} messages: ` +
        'leave the options out to go on with it, or name another folder.',
    );
  }
  return begun;
}

function wholeNumber(text: string, what: string, most: number): number {
  const value = /^\d{1,9}$/.test(text) ? Number(text) : 0;
  if (value >= 1 && value <= most) return value;
  throw new InputError(`${what} "${text}" has to be a whole number from 1 to ${most}.`);
}

/** The simulated time, which every part of the session reads. */
interface Clock {
  now: Date;
}

async function passDays(session: Session, home: string, marker: DemoMarker, clock: Clock, place: Place): Promise<void> {
  const { endsOn, days, messages, finished } = marker;
  if (finished === endsOn) return;
  const { terminal } = place;
  const begins = finished === undefined ? addDays(endsOn, 1 - days) : addDays(finished, 1);
  terminal.note(
    `${finished === undefined ? 'Letting the days pass' : 'Going on'} from ${begins} to ${endsOn}, on a simulated clock.`,
  );
  const folder = mkdtempSync(join(tmpdir(), 'lethe-demo-'));
  const started = performance.now();
  let records = 0;
  let passed = 0;
  const before = daysUntil(begins, marker);
  const left = days - before;
  // A start that was killed may have ingested files of the first day left before it could say so: each topic has one a day.
  const files = new Map((await ingestedFiles(session)).map(({ topic, files }) => [topic, files]));
  const isThere = (topic: string, day: DemoDay) => day.date === begins && (files.get(topic) ?? 0) > before;
  try {
    for (const day of demoDays({ endsOn, days, messages })) {
      if (day.date < begins) continue;
      place.interrupted.throwIfAborted();
      clock.now = new Date(`${addDays(day.date, 1)}T00:30:00Z`);
      for (const source of session.pipelines.flatMap(({ sources }) => sources)) {
        if (!isThere(source.topic.key, day)) records += await ingestDay(session, source, folder, day);
      }
      const maintains = daysUntil(day.date, marker) % maintainedEvery === 0 || day.date === endsOn;
      await runSchedules(session, addDays(day.date, 1), clock, maintains);
      writeDemoMarker(home, { ...marker, finished: day.date });
      passed += 1;
      const elapsed = performance.now() - started;
      const rest = timeLeft(passed, left, elapsed);
      const line = `${day.date}: day ${days - left + passed} of ${days}, ${countText(records)} records`;
      terminal.live(rest === undefined ? line : `${line}, ${durationText(rest)} left`);
      if (passed % 7 === 0 || day.date === endsOn) terminal.note(`${line}, ${durationText(elapsed)}`);
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function daysUntil(date: string, { endsOn, days }: DemoMarker): number {
  const first = addDays(endsOn, 1 - days);
  return (Date.parse(date) - Date.parse(first)) / 86_400_000;
}

/** Ingests what arrives of a topic on a day. Gives the number of records, rejected ones too. */
async function ingestDay(session: Session, source: Source, folder: string, day: DemoDay): Promise<number> {
  const { key } = source.topic;
  const path = join(folder, `${key}-${day.date}.ndjson`);
  await writeFile(path, `${[...(key === 'chat' ? day.chat : day.tool)].join('\n')}\n`);
  // Two days of a very small demonstration may both be empty, which is the same content.
  const { accepted, rejectedByReason } = await session.ingest(source, path, { again: true });
  rmSync(path);
  return Object.values(rejectedByReason).reduce((sum, count) => sum + count, accepted);
}

/** Days between two runs of maintenance, which is daily elsewhere: a third of the demonstration's time would go into it. */
const maintainedEvery = 14;

async function runSchedules(session: Session, date: string, clock: Clock, maintains: boolean): Promise<void> {
  for (const pipeline of session.pipelines) {
    const maintenance = maintenanceWorkflow(pipeline).name;
    for (const { workflow, at } of scheduledRuns(pipeline, date, session.settings)) {
      if (workflow === maintenance && !maintains) continue;
      clock.now = at;
      await session.run(workflow, { mode: 'scheduled' });
    }
  }
}
