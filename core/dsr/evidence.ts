import { createPublicKey, verify } from 'node:crypto';
import { z } from 'zod';
import { InputError } from '../errors.ts';
import { canonicalJson } from './canonical-json.ts';
import { missingChecks } from './proof-checks.ts';

const count = z.strictObject({ all: z.int(), subjects: z.int() });
const counts = z.record(z.string(), z.record(z.string(), count));

const factsSchema = z.strictObject({
  format: z.literal('lethe-erasure-evidence/1'),
  software: z.string(),
  batch: z.string(),
  pipeline: z.string(),
  openedAt: z.string(),
  closedAt: z.string(),
  clock: z.enum(['real', 'simulated']),
  subjects: z.int(),
  requests: z.array(
    z.strictObject({
      id: z.string(),
      regulation: z.enum(['gdpr', 'ccpa']),
      submittedAt: z.string(),
      receivedAt: z.string(),
      due: z.string(),
    }),
  ),
  rounds: z.array(
    z.strictObject({
      kind: z.enum(['erasure', 'sweep']),
      before: counts,
      after: counts,
      erasedAt: z.string(),
      provenAt: z.string().optional(),
      failedProofs: z.int(),
      proof: z.array(z.strictObject({ check: z.string(), passed: z.boolean(), detail: z.string() })),
      statements: z.array(
        z.strictObject({
          id: z.string(),
          statement: z.string(),
          from: z.string(),
          to: z.string(),
          rowsChanged: z.int().optional(),
        }),
      ),
    }),
  ),
});

/** What an erasure's evidence says. Nothing in it leads to a person. */
export type EvidenceFacts = z.infer<typeof factsSchema>;

const evidenceSchema = z.strictObject({ evidence: factsSchema, publicKey: z.string(), signature: z.string() });

/** Evidence as it is kept: the facts, and a signature of their canonical form. */
export type Evidence = z.infer<typeof evidenceSchema>;

/** What checking evidence came to. */
export interface Verification {
  readonly facts: EvidenceFacts;
  /** The signature is that of the facts, made with the key. */
  readonly genuine: boolean;
  /** What the facts say against an erasure that is complete. */
  readonly doubts: readonly string[];
}

/** Reads evidence from its file's text. @throws InputError for a text that is no evidence. */
export function readEvidence(text: string, where: string): Evidence {
  try {
    return evidenceSchema.parse(JSON.parse(text));
  } catch {
    throw new InputError(`${where} is no evidence of an erasure: give a file that "lethe requests" names.`);
  }
}

/**
 * Checks evidence without any help from the system that wrote it.
 *
 * @param publicKey PEM; by it alone is the signature believed.
 * @throws InputError for a key that is none.
 */
export function verifyEvidence({ evidence, signature }: Evidence, publicKey: string): Verification {
  const genuine = isSigned(canonicalJson(evidence), signature, publicKey);
  const doubts = evidence.rounds.flatMap((round, index) => [
    ...round.proof.filter(({ passed }) => !passed).map(({ check }) => `round ${index + 1}: ${check} failed`),
    ...(Object.values(round.before).some((days) => Object.keys(days).length > 0) && round.provenAt === undefined
      ? [`round ${index + 1} is not proven`]
      : []),
    ...(round.provenAt === undefined ? [] : missingChecks(round.proof)).map(
      (check) => `round ${index + 1} was not asked whether ${check}`,
    ),
    ...Object.entries(round.before).flatMap(([table, days]) =>
      Object.entries(days).flatMap(([day, was]) => {
        const is = round.after[table]?.[day];
        if (is === undefined) return [`${table} on ${day} was not counted again`];
        return is.subjects === 0 ? [] : [`${table} on ${day} still held ${is.subjects} of ${was.subjects} rows`];
      }),
    ),
  ]);
  // A batch ends only with it: Kafka may have brought more of its people until then.
  if (!evidence.rounds.some(({ kind }) => kind === 'sweep')) doubts.push('the late sweep is missing');
  return { facts: evidence, genuine, doubts };
}

function isSigned(text: string, signature: string, publicKey: string): boolean {
  let key: ReturnType<typeof createPublicKey>;
  try {
    key = createPublicKey(publicKey);
  } catch {
    throw new InputError('The public key is no key in PEM: give the file that was handed to you with the evidence.');
  }
  return verify('sha256', Buffer.from(text), key, Buffer.from(signature, 'base64'));
}
