import type { ShownEvidence, UnreadableEvidence } from '../answers.ts';
import { card } from './card.ts';
import { h } from './elements.ts';
import { date, full } from './figures.ts';
import { checkList } from './proof-checks.ts';

/** Signed evidence of a batch, checked against the public key just now; or that there is none to be read. */
export function evidenceCard(evidence: ShownEvidence | UnreadableEvidence): HTMLElement {
  return evidence.isReadable ? verifiedCard(evidence) : unreadableCard(evidence);
}

function unreadableCard({ name, fault }: UnreadableEvidence): HTMLElement {
  const batch = name.replace(/\.json$/, '');
  const meaning = 'A completed request names this evidence.';
  const { element, body } = card(`evidence-${batch}`, `Evidence of ${batch}`, meaning, 6);
  body.replaceChildren(h('p', { class: 'bad' }, `Not readable, and NOT genuine: ${fault}`));
  return element;
}

function verifiedCard(evidence: ShownEvidence): HTMLElement {
  const { name, batch, openedAt, closedAt, people, requests, rowsDeleted, isSimulated, isGenuine, doubts, checks } =
    evidence;
  const day = (instant: string) => date(instant.slice(0, 10));
  const { element, body, actions } = card(
    `evidence-${batch}`,
    `Evidence of ${batch}`,
    `Opened ${day(openedAt)}, closed ${day(closedAt)}. People: ${full(people, 'count')}; requests: ${full(requests, 'count')}; rows deleted: ${full(rowsDeleted, 'count')}.`,
    6,
  );
  const file = (href: string, label: string, what: string) =>
    h('a', { href, download: true, class: 'file', 'aria-label': `${batch}: ${what}` }, label);
  actions.append(
    file(`/api/compliance/evidence/${name}`, 'JSON', 'download the evidence'),
    file('/api/compliance/public-key', 'Key', 'download the public key'),
  );
  const rounds = { erasure: 'Erasure', sweep: 'Late sweep' } as const;
  body.replaceChildren(
    h('p', { class: isGenuine && doubts.length === 0 ? 'good' : 'bad' }, verdict(isGenuine, doubts)),
    ...(isSimulated ? [h('p', {}, 'The waits were skipped on a simulated clock.')] : []),
    ...[...Map.groupBy(checks, ({ round }) => round)].flatMap(([round, ofRound]) => {
      const provenAt = ofRound[0]?.provenAt;
      return [
        h('h3', {}, `${rounds[round]}${provenAt === undefined ? '' : `, proven ${day(provenAt)}`}`),
        checkList(ofRound),
      ];
    }),
  );
  return element;
}

function verdict(isGenuine: boolean, doubts: readonly string[]): string {
  if (!isGenuine) return 'NOT genuine: the signature is not that of these facts.';
  return doubts.length === 0
    ? 'Verified: the signature is genuine, and the facts show a complete erasure.'
    : `Genuine, and not complete: ${doubts.join('; ')}.`;
}
