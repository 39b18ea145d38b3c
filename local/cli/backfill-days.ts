import { heldByErasures } from '../../core/dsr/held-periods.ts';
import { InputError } from '../../core/errors.ts';
import type { Pipeline, Workflow } from '../../core/lake/pipeline.ts';
import type { RunLedger } from '../../core/lake/run-ledger.ts';
import { sealedStarts } from '../../core/lake/sealed-periods.ts';
import type { Settings } from '../../core/settings.ts';
import { addDays, instantOf, parseDate, periodsTouching, type Window } from '../../core/window.ts';
import type { Session } from '../session.ts';
import type { StateEntered } from '../workflows/state-machines.ts';
import { BuildTally } from './build-tally.ts';
import { countOf, durationText, timeLeft } from './figures.ts';
import type { LetheOptions } from './lethe-options.ts';
import { withSession } from './open-session.ts';
import type { Place } from './place.ts';
import { untilInterrupted } from './until-interrupted.ts';

interface Options extends LetheOptions {
  readonly from: string;
  readonly to: string;
  readonly json?: true;
}

/** The days of a backfill, both included. */
interface Span {
  readonly from: string;
  readonly to: string;
}

/** Ten years: a longer span is a mistyped year. */
const mostDays = 3653;

/** `lethe backfill`. */
export async function backfillDays(options: Options, place: Place): Promise<void> {
  const span = spanOf(options.from, options.to);
  const pipelines = await place.pipelines();
  const tally = new BuildTally(pipelines.flatMap(({ workflows }) => workflows));
  let current: string | undefined;
  const onState = ({ workflow, run }: StateEntered) => {
    current = workflow;
    tally.follow(run);
  };
  const backfill = async (session: Session) => {
    const started = performance.now();
    const stages = stagesOf(pipelines, session.settings, span);
    // Before: a period that is built now for the first time would look like one that may not be built again.
    const left = await leftOut(session, stages, span);
    const progress = new BackfillProgress(stages, tally, place);
    const timer = setInterval(() => void progress.tell(current, session.runtime.ledger), progress.everyMillis);
    try {
      await untilInterrupted(place.interrupted, session.run('backfill', span));
    } finally {
      clearInterval(timer);
      place.terminal.live('');
    }
    const millis = Math.round(performance.now() - started);
    await tally.refresh(session.runtime.ledger);
    const built = tally.totals().filter(({ periods }) => periods > 0);
    if (options.json === true) {
      await place.terminal.print(`${JSON.stringify({ ...span, millis, workflows: built, leftOut: left }, null, 2)}\n`);
      return;
    }
    const counts = stages.map(({ workflow }) => {
      const periods = built.find((done) => done.workflow === workflow.name)?.periods ?? 0;
      return `${workflow.name} ${countOf(periods, workflow.grain)}`;
    });
    await place.terminal.print(`Built ${span.from} to ${span.to} in ${durationText(millis)}: ${counts.join(', ')}.\n`);
    for (const { workflow, periods, why } of left) {
      const grain = stages.find((stage) => stage.workflow.name === workflow)?.workflow.grain ?? 'day';
      await place.terminal.print(`Left as it is: ${workflow} ${countOf(periods, grain)} ${whyText[why]}.\n`);
    }
  };
  await withSession(options, place, backfill, { onState });
}

function spanOf(fromText: string, toText: string): Span {
  const from = parseDate(fromText, '--from');
  const to = parseDate(toText, '--to');
  if (from > to) throw new InputError(`--from ${from} is after --to ${to}: exchange them.`);
  const days = (instantOf(to) - instantOf(from)) / 86_400_000 + 1;
  if (days > mostDays) {
    throw new InputError(
      `--from ${from} to --to ${to} is ${days} days: give at most ${mostDays} at a time, ten years.`,
    );
  }
  return { from, to };
}

/** A workflow of the backfill, and the periods that it has to build at least. */
interface Stage {
  readonly pipeline: Pipeline;
  readonly workflow: Workflow;
  readonly periods: readonly Window[];
}

function stagesOf(pipelines: readonly Pipeline[], { weekStart }: Settings, span: Span): Stage[] {
  const end = addDays(span.to, 1);
  return pipelines.flatMap((pipeline) =>
    pipeline.workflows.map((workflow) => {
      const periods = periodsTouching(workflow.grain, span.from, end, weekStart).filter(({ to }) => to <= end);
      return { pipeline, workflow, periods };
    }),
  );
}

/** Periods of the span that a workflow may not build. */
interface LeftOut {
  readonly workflow: string;
  readonly periods: number;
  readonly why: keyof typeof whyText;
}

const whyText = {
  dropped: 'that retention has dropped',
  sealed: 'that an erasure has sealed',
  held: 'that an erasure holds until their rows have gone',
} as const;

async function leftOut({ runtime }: Session, stages: readonly Stage[], { from, to }: Span): Promise<LeftOut[]> {
  const found: LeftOut[] = [];
  for (const { pipeline, workflow, periods } of stages) {
    // A week or month may begin before the span.
    const built = await runtime.ledger.builtPeriods(workflow.name, periods[0]?.from ?? from, addDays(to, 1));
    const isFromSources = workflow.upstream.kind === 'sources';
    const sealed = isFromSources
      ? await sealedStarts(runtime, pipeline, workflow)
      : new Set(built.filter((one) => one.sealed === true).map(({ period }) => period.from));
    const held = isFromSources ? () => false : await heldByErasures(runtime, pipeline);
    const whyOf = (period: Window): LeftOut['why'] | undefined => {
      const before = built.find((one) => one.period.from === period.from);
      if (before?.state === 'dropped') return 'dropped';
      if (sealed.has(period.from)) return 'sealed';
      return held({ period, built: before !== undefined }) ? 'held' : undefined;
    };
    for (const [why, left] of Map.groupBy(periods, whyOf))
      if (why !== undefined) found.push({ workflow: workflow.name, periods: left.length, why });
  }
  return found;
}

class BackfillProgress {
  readonly #stages: readonly Stage[];
  readonly #tally: BuildTally;
  readonly #place: Place;
  readonly #started = performance.now();
  /** How often progress is worth telling: a live line soon, plain ones seldom. */
  readonly everyMillis: number;

  constructor(stages: readonly Stage[], tally: BuildTally, place: Place) {
    this.#stages = stages;
    this.#tally = tally;
    this.#place = place;
    this.everyMillis = place.terminal.interactive ? 200 : 15_000;
  }

  async tell(workflow: string | undefined, ledger: RunLedger): Promise<void> {
    const stage = this.#stages.find((candidate) => candidate.workflow.name === workflow);
    if (stage === undefined) return;
    await this.#tally.refresh(ledger);
    const { terminal } = this.#place;
    if (terminal.interactive) terminal.live(this.#line(stage));
    else terminal.note(this.#line(stage));
  }

  #line({ workflow, periods }: Stage): string {
    const elapsed = performance.now() - this.#started;
    const done = Math.min(Math.floor(this.#tally.periodsDone(workflow.name)), periods.length);
    const left = timeLeft(
      this.#work((stage) => this.#doneOf(stage)),
      this.#work((stage) => stage.periods.length),
      elapsed,
    );
    const rest = left === undefined ? '' : `, ${durationText(left)} left`;
    return `${workflow.name}: ${done} of ${countOf(periods.length, workflow.grain)}, ${durationText(elapsed)}${rest}`;
  }

  #doneOf({ workflow, periods }: Stage): number {
    return Math.min(this.#tally.periodsDone(workflow.name), periods.length);
  }

  /** Periods weighed by the steps that each takes. */
  #work(periods: (stage: Stage) => number): number {
    return this.#stages.reduce((sum, stage) => sum + periods(stage) * stage.workflow.steps.length, 0);
  }
}
