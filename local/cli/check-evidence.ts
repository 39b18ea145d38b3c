import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type EvidenceFacts, readEvidence, verifyEvidence } from '../../core/dsr/evidence.ts';
import { CheckFailed, InputError } from '../../core/errors.ts';
import { publicKeyFile } from '../dsr/file-keys.ts';
import { countOf, peopleText } from './figures.ts';
import type { Place } from './place.ts';
import type { VerifyOptions } from './verify-evidence.ts';

/** `lethe verify-evidence`. Reads two files and opens nothing else. */
export async function checkEvidence(file: string, options: VerifyOptions, place: Place): Promise<void> {
  const evidence = readEvidence(textOf(file), file);
  const key = options.publicKey ?? join(options.home, 'erasures', 'keys', publicKeyFile);
  const { facts, genuine, doubts } = verifyEvidence(evidence, textOf(key));
  const verified = genuine && doubts.length === 0;
  if (options.json === true) {
    await place.terminal.print(`${JSON.stringify({ verified, genuine, doubts, evidence: facts }, null, 2)}\n`);
  } else if (genuine) {
    await place.terminal.print(story(facts));
  }
  if (!genuine)
    throw new CheckFailed(`${file}: the signature is not that of these facts, or was made with another key.`);
  if (!verified)
    throw new CheckFailed(`${file} is genuine, and does not show a complete erasure: ${doubts.join('; ')}.`);
}

function textOf(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    throw new InputError(`${file}: there is no such file, or it may not be read; check the name.`);
  }
}

function story(facts: EvidenceFacts): string {
  const rounds = facts.rounds.flatMap((round) => {
    const days = Object.values(round.before).flatMap((table) => Object.values(table));
    const rows = days.reduce((sum, { subjects }) => sum + subjects, 0);
    const what = round.kind === 'erasure' ? 'Deleted' : 'Late rows deleted';
    return [
      `${what} ${round.erasedAt}: ${countOf(rows, 'row')}${round.provenAt === undefined ? '' : `; proven gone from storage ${round.provenAt}`}`,
      ...round.proof.map(({ check, passed, detail }) => `  ${passed ? 'ok' : 'FAILED'}: ${check} (${detail})`),
    ];
  });
  return `${[
    'The signature is genuine.',
    `Batch ${facts.batch}: ${peopleText(facts.subjects)}, ${countOf(facts.requests.length, 'request')}, opened ${facts.openedAt}, closed ${facts.closedAt}`,
    ...rounds,
    ...(facts.clock === 'simulated' ? ['The waits were skipped on a simulated clock.'] : []),
  ].join('\n')}\n`;
}
