import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { readEvidence, verifyEvidence } from '../../core/dsr/evidence.ts';
import { withdrawRequest } from '../../core/dsr/receive.ts';
import type { Batch, ErasureRequest, Regulation } from '../../core/dsr/request-store.ts';
import { InputError } from '../../core/errors.ts';
import { countSubjects } from '../dsr/count-subjects.ts';
import { evidenceDirectory } from '../dsr/home-erasures.ts';
import { absenceOf } from '../dsr/person-absence.ts';
import { submitRequest } from '../dsr/submit-request.ts';
import type { Session } from '../session.ts';
import type { Absence, Compliance, DryRun, ShownEvidence, ShownRequest, UnreadableEvidence } from './answers.ts';

/** What the compliance page asks and does. Nothing that it gives back, and no error, holds an identifier. */
export class ComplianceDesk {
  readonly #session: Session;
  readonly #home: string;
  /** Counting and looking for somebody put the identifier where SQL joins it, one at a time. */
  #turn: Promise<unknown> = Promise.resolve();

  /** @param home the folder that the session has opened. */
  constructor(session: Session, home: string) {
    this.#session = session;
    this.#home = home;
  }

  /** Requests with how far they are, the latest first, and the evidence of those that are done. */
  async overview(): Promise<Compliance> {
    const { store, keys } = this.#session.erasures;
    const batches = await store.batches();
    const byId = new Map(batches.map((batch) => [batch.id, batch]));
    const requests = (await store.requests()).map((request) => shownRequest(request, byId.get(request.batch ?? '')));
    const names = new Set(requests.map(({ evidence }) => evidence).filter((name) => name !== undefined));
    const publicKey = names.size === 0 ? '' : await keys.publicKey();
    return {
      now: this.#session.runtime.now().toISOString(),
      requests: requests.toReversed(),
      refused: (await store.refusals()).length,
      evidence: [...names].toReversed().map((name) => this.#evidence(name, publicKey)),
    };
  }

  /** Counts what an erasure of somebody would delete now; nothing is submitted. */
  async dryRun(identity: string): Promise<DryRun> {
    const { now } = this.#session.runtime;
    const { tables, days } = await this.#alone(() => countSubjects(this.#session, [identity], now()));
    return { tables: Object.entries(tables).map(([table, count]) => ({ table, ...count })), days };
  }

  /** Submits a request and gives its id. @throws InputError when the event is refused. */
  async submit(identity: string, regulation: Regulation): Promise<{ request: string }> {
    const { erasures, runtime } = this.#session;
    return { request: await submitRequest(erasures, identity, regulation, runtime.now()) };
  }

  /** Takes a pending request back. @throws InputError when there is none, or it is no longer pending. */
  async withdraw(request: string): Promise<{ withdrawn: string }> {
    await withdrawRequest(this.#session.erasures, request, this.#session.runtime.now());
    return { withdrawn: request };
  }

  /** Says whether somebody was erased, and whether anything of them is left. */
  async absence(identity: string): Promise<Absence> {
    const { completed, ...found } = await this.#alone(() => absenceOf(this.#session.erasures, identity));
    return { ...found, erasures: completed.map(({ request, batch }) => shownRequest(request, batch)) };
  }

  /** The text of a batch's evidence; undefined when no request has evidence of that name, or its file is missing. */
  async evidence(name: string): Promise<string | undefined> {
    const requests = await this.#session.erasures.store.requests();
    const isNamed = requests.some(({ evidence }) => evidence === name);
    return isNamed && existsSync(this.#path(name)) ? this.#text(name) : undefined;
  }

  /** PEM, for those who check evidence elsewhere. */
  publicKey(): Promise<string> {
    return this.#session.erasures.keys.publicKey();
  }

  #evidence(name: string, publicKey: string): ShownEvidence | UnreadableEvidence {
    try {
      return shownEvidence(name, this.#text(name), publicKey);
    } catch (error) {
      const fault = error instanceof InputError ? error.message : `${name} is missing or cannot be read.`;
      return { name, isReadable: false, fault };
    }
  }

  #path(name: string): string {
    return join(evidenceDirectory(this.#home), name);
  }

  #text(name: string): string {
    return readFileSync(this.#path(name), 'utf8');
  }

  #alone<T>(ask: () => Promise<T>): Promise<T> {
    const answer = this.#turn.then(ask);
    this.#turn = answer.catch(() => undefined);
    return answer;
  }
}

function shownRequest(request: ErasureRequest, batch: Batch | undefined): ShownRequest {
  const { id, regulation, submittedAt, receivedAt, due, status, pseudonyms, evidence } = request;
  return {
    id,
    regulation,
    submittedAt,
    receivedAt,
    due,
    status,
    people: pseudonyms.length,
    ...(batch === undefined ? {} : { batch: batch.id, stage: batch.stage }),
    ...(batch === undefined || batch.stage === 'closed' ? {} : { waitsUntil: batch.waitsUntil }),
    ...(batch?.closedAt === undefined ? {} : { closedAt: batch.closedAt }),
    ...(evidence === undefined ? {} : { evidence }),
  };
}

function shownEvidence(name: string, text: string, publicKey: string): ShownEvidence {
  const { facts, genuine, doubts } = verifyEvidence(readEvidence(text, name), publicKey);
  const counts = facts.rounds.flatMap(({ before }) => Object.values(before).flatMap((days) => Object.values(days)));
  return {
    name,
    isReadable: true,
    batch: facts.batch,
    openedAt: facts.openedAt,
    closedAt: facts.closedAt,
    isSimulated: facts.clock === 'simulated',
    people: facts.subjects,
    requests: facts.requests.length,
    rowsDeleted: counts.reduce((sum, { subjects }) => sum + subjects, 0),
    isGenuine: genuine,
    doubts,
    checks: facts.rounds.flatMap(({ kind, provenAt, proof }) =>
      proof.map((check) => ({ ...check, round: kind, ...(provenAt === undefined ? {} : { provenAt }) })),
    ),
  };
}
