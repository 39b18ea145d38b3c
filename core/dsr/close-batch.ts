import type { Runtime } from '../lake/runtime.ts';
import { canonicalJson } from './canonical-json.ts';
import { discardDraft, isDraft } from './draft-batch.ts';
import { type EvidenceFacts, readEvidence } from './evidence.ts';
import { batchOf, erasuresOf } from './ports.ts';
import type { Batch, Round } from './request-store.ts';

/** What evidence names as its maker: the package and its version. */
export const software = 'lethe 0.1.0';

/**
 * Writes and signs the evidence, destroys what led to the people, and completes their requests: in this order, so that a
 * crash leaves nothing undone that cannot be done again. Of a dry run there is no evidence, and nothing is kept.
 */
export async function closeBatch(runtime: Runtime, batchId: string): Promise<{ evidence?: string }> {
  const { store, vault, subjects, condemned, keys, evidence } = erasuresOf(runtime);
  if (isDraft(batchId)) {
    await discardDraft(runtime, batchId);
    return {};
  }
  const batch = await batchOf(runtime, batchId);
  const name = `${batch.id}.json`;
  const facts = await factsOf(runtime, batch);
  const text = canonicalJson(facts);
  const signed = { evidence: facts, publicKey: await keys.publicKey(), signature: await keys.sign(text) };
  // What an earlier run has kept stands.
  const kept = readEvidence(await evidence.keep(name, `${JSON.stringify(signed, null, 2)}\n`), name);
  await subjects.destroy(batch.id);
  await condemned?.destroy(batch.id);
  await vault.destroy(batch.requests);
  const { closedAt } = kept.evidence;
  await store.close({ ...batch, stage: 'closed', closedAt }, name, closedAt);
  return { evidence: name };
}

async function factsOf(runtime: Runtime, batch: Batch): Promise<EvidenceFacts> {
  const { store, clock } = erasuresOf(runtime);
  const requests = await store.requestsOf(batch.requests);
  return {
    format: 'lethe-erasure-evidence/1',
    software,
    batch: batch.id,
    pipeline: batch.pipeline,
    openedAt: batch.openedAt,
    closedAt: runtime.now().toISOString(),
    clock,
    subjects: batch.subjects,
    requests: requests.map(({ id, regulation, submittedAt, receivedAt, due }) => ({
      id,
      regulation,
      submittedAt,
      receivedAt,
      due,
    })),
    rounds: await Promise.all(batch.rounds.map((round) => roundFacts(runtime, round))),
  };
}

async function roundFacts(runtime: Runtime, round: Round): Promise<EvidenceFacts['rounds'][number]> {
  const records = (await Promise.all(round.runs.map((run) => runtime.ledger.statementsOf(run)))).flat();
  const own = records.filter(({ statement, outcome }) => statement.startsWith('dsr/') && outcome === 'succeeded');
  return {
    kind: round.kind,
    before: copy(round.before),
    after: copy(round.after ?? {}),
    erasedAt: round.erasedAt ?? '',
    ...(round.provenAt === undefined ? {} : { provenAt: round.provenAt }),
    failedProofs: round.failedProofs ?? 0,
    proof: (round.proof ?? []).map((check) => ({ ...check })),
    statements: own.map(({ id, statement, window, rowsChanged }) => ({
      id,
      statement,
      from: window.from,
      to: window.to,
      ...(rowsChanged === undefined ? {} : { rowsChanged }),
    })),
  };
}

function copy(counts: Round['before']): EvidenceFacts['rounds'][number]['before'] {
  return Object.fromEntries(Object.entries(counts).map(([table, days]) => [table, { ...days }]));
}
