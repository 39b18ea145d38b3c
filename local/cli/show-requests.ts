import { join } from 'node:path';
import type { Batch, RequestStore } from '../../core/dsr/request-store.ts';
import { evidenceDirectory } from '../dsr/home-erasures.ts';
import { alignedLines, countOf } from './figures.ts';
import { expectLakehouse, withSession } from './open-session.ts';
import type { Place } from './place.ts';
import type { RequestsOptions } from './requests.ts';

const stages: Record<Batch['stage'], string> = {
  estimating: 'is being counted',
  opened: 'rows are being deleted',
  erased: 'gone from every query; old files wait for expiry',
  proven: 'gone from storage; the late sweep is to come',
  swept: 'late rows are deleted; old files wait for expiry',
  closing: 'evidence is being written',
  closed: 'done',
};

/** `lethe requests`. */
export async function showRequests(options: RequestsOptions, place: Place): Promise<void> {
  if (options.env !== undefined) {
    const { withRequestsOf } = await import('./requests-of-deployment.ts');
    return await withRequestsOf(options.env, place, (store) => show(store, (name) => name, options, place));
  }
  expectLakehouse(options.home);
  const evidenceOf = (name: string) => join(evidenceDirectory(options.home), name);
  await withSession(options, place, ({ erasures: { store } }) => show(store, evidenceOf, options, place));
}

async function show(
  store: RequestStore,
  evidenceOf: (name: string) => string,
  options: RequestsOptions,
  place: Place,
): Promise<void> {
  const batches = new Map((await store.batches()).map((batch) => [batch.id, batch]));
  const refused = await store.refusals();
  const estimate = await store.estimate();
  const requests = (await store.requests()).map(({ pseudonyms, evidence, ...request }) => {
    const batch = request.batch === undefined ? undefined : batches.get(request.batch);
    return {
      ...request,
      people: pseudonyms.length,
      ...(batch === undefined ? {} : { stage: batch.stage }),
      ...(batch === undefined || batch.stage === 'closed' ? {} : { waitsUntil: batch.waitsUntil }),
      ...(evidence === undefined ? {} : { evidence: evidenceOf(evidence) }),
    };
  });
  if (options.json === true) {
    const told = { requests, refused, ...(estimate === undefined ? {} : { estimate }) };
    await place.terminal.print(`${JSON.stringify(told, null, 2)}\n`);
    return;
  }
  if (requests.length === 0) await place.terminal.print('Nobody has asked to be erased.\n');
  const rows = requests.map(({ id, regulation, due, status, stage, waitsUntil, evidence }) => [
    id,
    regulation,
    `due ${due.slice(0, 10)}`,
    status,
    evidence ??
      (stage === undefined
        ? ''
        : `${stages[stage]}${waitsUntil === undefined ? '' : `, not before ${waitsUntil.slice(0, 16)}Z`}`),
  ]);
  for (const line of alignedLines(rows, 9)) await place.terminal.print(`${line}\n`);
  if (refused.length === 0) return;
  await place.terminal.print(`${countOf(refused.length, 'malformed event')} refused:\n`);
  for (const { at, reason } of refused) await place.terminal.print(`${at.slice(0, 16)}Z  ${reason}\n`);
}
