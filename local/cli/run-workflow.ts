import { InputError } from '../../core/errors.ts';
import type { Pipeline, Workflow } from '../../core/lake/pipeline.ts';
import type { WeekStart, Window } from '../../core/window.ts';
import { addDays, parseDate, windowAt } from '../../core/window.ts';
import type { RunInput, Session } from '../session.ts';
import type { StateEntered } from '../workflows/state-machines.ts';
import { BuildTally, type WorkflowTally } from './build-tally.ts';
import { estimateLines } from './estimate-lines.ts';
import { bytesText, countOf, durationText } from './figures.ts';
import type { LetheOptions } from './lethe-options.ts';
import { maintainedTables, maintenanceLines } from './maintenance-lines.ts';
import { withSession } from './open-session.ts';
import type { Place } from './place.ts';
import { untilInterrupted } from './until-interrupted.ts';

interface Options extends LetheOptions {
  readonly date?: string;
  readonly dryRun?: true;
  readonly json?: true;
}

/** `lethe run`. */
export async function runWorkflow(name: string, options: Options, place: Place): Promise<void> {
  const pipelines = await place.pipelines();
  const workflow = namedWorkflow(pipelines, name);
  const date = options.date === undefined ? undefined : parseDate(options.date, '--date');
  if (workflow === undefined && date !== undefined) {
    throw new InputError(`${name} has no period, it works from today's date: leave --date out.`);
  }
  if (options.dryRun === true && name !== 'maintenance' && name !== 'dsr') {
    throw new InputError(`${name} has no dry run, only maintenance and dsr have: leave --dry-run out.`);
  }
  const { terminal } = place;
  const tally = new BuildTally(pipelines.flatMap(({ workflows }) => workflows));
  const onState = (event: StateEntered) => {
    tally.follow(event.run);
    terminal.live(`${event.workflow}: ${event.state}`);
  };
  const run = async (session: Session) => {
    const started = performance.now();
    const input =
      name === 'maintenance'
        ? ({ mode: 'named', dryRun: options.dryRun === true } as const)
        : options.dryRun === true
          ? ({ mode: 'scheduled', dryRun: true } as const)
          : inputFor(workflow, date, session.settings.weekStart);
    await untilInterrupted(place.interrupted, session.run(name, input)).finally(() => terminal.live(''));
    await tally.refresh(session.runtime.ledger);
    const millis = Math.round(performance.now() - started);
    const total = totalOf(name, tally.totals());
    const window = 'window' in input ? { window: input.window } : {};
    const tables = name === 'maintenance' ? await maintainedTables(session.runtime.ledger) : [];
    const estimate = name === 'dsr' && options.dryRun === true ? await session.erasures.store.estimate() : undefined;
    const found = { ...(name === 'maintenance' ? { tables } : {}), ...(estimate === undefined ? {} : { estimate }) };
    const text =
      options.json === true
        ? JSON.stringify({ ...total, ...window, millis, ...found }, null, 2)
        : [
            resultLine(total, workflow, 'window' in input ? input.window : undefined, millis),
            ...maintenanceLines(tables, options.dryRun === true),
            ...(estimate === undefined ? [] : estimateLines(estimate)),
          ].join('\n');
    await terminal.print(`${text}\n`);
  };
  await withSession(options, place, run, { onState });
}

/** The pipelines' workflow of a name, undefined for one that belongs to the lake as a whole. @throws InputError for an unknown one. */
function namedWorkflow(pipelines: readonly Pipeline[], name: string): Workflow | undefined {
  const workflows = pipelines.flatMap((pipeline) => pipeline.workflows);
  const workflow = workflows.find((candidate) => candidate.name === name);
  if (workflow !== undefined || name === 'maintenance' || name === 'dsr') return workflow;
  const names = [...workflows.map((known) => known.name), 'maintenance', 'dsr'];
  throw new InputError(`There is no workflow "${name}": give one of ${names.join(', ')}.`);
}

function inputFor(workflow: Workflow | undefined, date: string | undefined, weekStart: WeekStart): RunInput {
  if (workflow === undefined || date === undefined) return { mode: 'scheduled' };
  if (workflow.grain === 'minute' || workflow.grain === 'hour') {
    // A date names all the periods of its day.
    const bounds = { from: `${date}T00:00:00Z`, to: `${addDays(date, 1)}T00:00:00Z` };
    return { mode: 'named', window: { grain: workflow.grain, ...bounds } };
  }
  return { mode: 'named', window: windowAt(workflow.grain, date, weekStart) };
}

function totalOf(workflow: string, tallies: readonly WorkflowTally[]): WorkflowTally {
  const sum = (figure: (tally: WorkflowTally) => number) => tallies.reduce((total, tally) => total + figure(tally), 0);
  return {
    workflow,
    periods: sum(({ periods }) => periods),
    statements: sum(({ statements }) => statements),
    rowsChanged: sum(({ rowsChanged }) => rowsChanged),
    bytesScanned: sum(({ bytesScanned }) => bytesScanned),
  };
}

function resultLine(
  total: WorkflowTally,
  workflow: Workflow | undefined,
  window: Window | undefined,
  millis: number,
): string {
  const cost = `${countOf(total.statements, 'statement')}, ${countOf(total.rowsChanged, 'row')} changed, ${bytesText(total.bytesScanned)} scanned, ${durationText(millis)}`;
  if (workflow === undefined) return `${total.workflow}: done (${cost})`;
  if (total.periods === 0) return `${total.workflow}: nothing to build (${cost})`;
  const what = window === undefined ? countOf(total.periods, workflow.grain) : periodText(window);
  return `${total.workflow}: built ${what} (${cost})`;
}

function periodText({ grain, from, to }: Window): string {
  if (grain === 'day') return from;
  return grain === 'week' || grain === 'month' ? `${from} to ${addDays(to, -1)}` : `${from} to ${to}`;
}
