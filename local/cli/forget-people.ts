import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { dueDate } from '../../core/dsr/due-date.ts';
import { readEvidence, verifyEvidence } from '../../core/dsr/evidence.ts';
import { withdrawRequest } from '../../core/dsr/receive.ts';
import type { Batch, Regulation } from '../../core/dsr/request-store.ts';
import { CheckFailed, InputError } from '../../core/errors.ts';
import { countSubjects } from '../dsr/count-subjects.ts';
import { evidenceDirectory } from '../dsr/home-erasures.ts';
import { submitRequest } from '../dsr/submit-request.ts';
import type { Session } from '../session.ts';
import { countOf, peopleText } from './figures.ts';
import type { ForgetOptions } from './forget.ts';
import { peopleOf, regulationOf } from './named-people.ts';
import { expectLakehouse, withSession } from './open-session.ts';
import type { Place } from './place.ts';
import { RunStory } from './run-story.ts';
import { untilInterrupted } from './until-interrupted.ts';

/** `lethe forget`. Everything is looked at before anything is submitted. */
export async function forgetPeople(userIds: readonly string[], options: ForgetOptions, place: Place): Promise<void> {
  const regulation = regulationOf(options.regulation);
  if (options.withdraw !== undefined && (userIds.length > 0 || options.file !== undefined || options.dryRun === true)) {
    throw new InputError('--withdraw takes a request id alone: leave user ids, --file and --dry-run out.');
  }
  if (options.env !== undefined) {
    const { forgetThere } = await import('./forget-there.ts');
    return await forgetThere(options.env, userIds, options, place);
  }
  if (options.withdraw !== undefined) return await withdraw(options.withdraw, options, place);
  const people = peopleOf(userIds, options.file);
  expectLakehouse(options.home);
  const clock = { now: place.now() };
  const story = new RunStory();
  const use = async (session: Session) => {
    if (options.dryRun === true) return await dryRun(session, people, regulation, clock.now, options, place);
    const requests: string[] = [];
    for (const person of people) requests.push(await submitRequest(session.erasures, person, regulation, clock.now));
    if (!options.run) return await printSubmitted(requests, options, place);
    await carryOut(session, requests, clock, story, options, place);
  };
  await withSession(options, place, use, {
    now: () => clock.now,
    clock: options.run ? 'simulated' : 'real',
    onState: (event) => story.follow(event),
  });
}

async function withdraw(id: string, options: ForgetOptions, place: Place): Promise<void> {
  expectLakehouse(options.home);
  await withSession(options, place, async ({ erasures }) => {
    await withdrawRequest(erasures, id, place.now());
    const text = options.json === true ? JSON.stringify({ withdrawn: id }) : `Request ${id} is withdrawn.`;
    await place.terminal.print(`${text}\n`);
  });
}

async function printSubmitted(requests: readonly string[], options: ForgetOptions, place: Place): Promise<void> {
  const text =
    options.json === true
      ? JSON.stringify({ requests }, null, 2)
      : `${countOf(requests.length, 'request')} submitted:\n${requests.map((id) => `  ${id}`).join('\n')}\n"lethe run dsr" carries them out, "lethe requests" shows where they stand.`;
  await place.terminal.print(`${text}\n`);
}

async function dryRun(
  session: Session,
  people: readonly string[],
  regulation: Regulation,
  now: Date,
  options: ForgetOptions,
  place: Place,
): Promise<void> {
  const { tables, days } = await countSubjects(session, people, now);
  const due = dueDate(regulation, now).toISOString();
  if (options.json === true) {
    const told = { dryRun: tables, people: people.length, days, regulation, due };
    return await place.terminal.print(`${JSON.stringify(told, null, 2)}\n`);
  }
  const lines = Object.entries(tables).map(
    ([table, { rows, days, rowsRewritten }]) =>
      `  ${table}: ${countOf(rows, 'row')} on ${countOf(days, 'day')}, ${countOf(rowsRewritten, 'row')} of others written anew`,
  );
  const text = [
    `Nothing was submitted. It would delete, for ${peopleText(people.length)}:`,
    ...lines,
    `What is derived from them would be made again for ${countOf(days, 'day')}. Submitted now, it would be due by ${due} (${regulation}).`,
  ].join('\n');
  await place.terminal.print(`${text}\n`);
}

/** More runs than any batch needs: opening, proving, sweeping, proving again, each tried anew a few times. */
const mostRuns = 20;

async function carryOut(
  session: Session,
  requests: readonly string[],
  clock: { now: Date },
  story: RunStory,
  options: ForgetOptions,
  place: Place,
): Promise<void> {
  const { terminal } = place;
  const own = new Set(requests);
  const mine = async () =>
    (await session.erasures.store.batches()).filter((batch) => batch.requests.some((id) => own.has(id)));
  terminal.note(`${countOf(requests.length, 'request')} submitted.`);
  await tellOfOthers(session, clock.now, place);
  for (let run = 0; run < mostRuns; run++) {
    terminal.note(`Run at ${clock.now.toISOString()}${run === 0 ? '' : ' (simulated)'}:`);
    await untilInterrupted(place.interrupted, session.run('dsr', { mode: 'scheduled' })).finally(() => {
      for (const line of story.tell()) terminal.note(`  ${line}`);
    });
    const open = (await mine()).filter(({ stage }) => stage !== 'closed');
    if (open.length === 0) return await printEvidence(session, await mine(), options, place);
    const next = open.map(({ waitsUntil }) => waitsUntil).sort()[0];
    if (next !== undefined && next > clock.now.toISOString()) {
      terminal.note(`The batch waits until ${next}: the clock is set forward.`);
      clock.now = new Date(next);
    }
  }
  throw new CheckFailed(`The erasure has not ended after ${mostRuns} runs: see "lethe requests".`);
}

/** The clock is one for all: who wanted a wait to be a real one has to know. */
async function tellOfOthers(session: Session, now: Date, { terminal }: Place): Promise<void> {
  const waiting = (await session.erasures.store.openBatches()).filter(
    ({ waitsUntil }) => Date.parse(waitsUntil) > now.getTime(),
  );
  if (waiting.length === 0) return;
  const [soonest] = waiting.map(({ waitsUntil }) => waitsUntil).sort();
  terminal.note(
    `Earlier requests wait until ${soonest}${waiting.length === 1 ? '' : ' and longer'}: the clock is set forward for them too. To leave them their time, use --no-run.`,
  );
}

async function printEvidence(
  session: Session,
  batches: readonly Batch[],
  options: ForgetOptions,
  place: Place,
): Promise<void> {
  const publicKey = await session.erasures.keys.publicKey();
  const results = batches.map(({ id }) => {
    const path = join(evidenceDirectory(options.home), `${id}.json`);
    const { facts, genuine, doubts } = verifyEvidence(readEvidence(readFileSync(path, 'utf8'), path), publicKey);
    const [first] = facts.rounds;
    const deleted = Object.values(first?.before ?? {}).flatMap((days) =>
      Object.values(days).map(({ subjects }) => subjects),
    );
    const rowsDeleted = deleted.reduce((sum, rows) => sum + rows, 0);
    return {
      batch: id,
      evidence: path,
      people: facts.subjects,
      rowsDeleted,
      verified: genuine && doubts.length === 0,
      clock: facts.clock,
    };
  });
  if (options.json === true) return await place.terminal.print(`${JSON.stringify({ batches: results }, null, 2)}\n`);
  for (const { evidence, people, rowsDeleted, verified } of results) {
    await place.terminal.print(
      `Erased: ${peopleText(people)}, ${countOf(rowsDeleted, 'row')}. Evidence: ${evidence}, ${verified ? 'verified' : 'NOT verified'} (waits were skipped on a simulated clock, as it says).\n`,
    );
  }
  if (results.some(({ verified }) => !verified))
    throw new CheckFailed('The evidence does not hold: see "lethe verify-evidence".');
}
