import { generateKeyPairSync, sign } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { canonicalJson } from '../../../core/dsr/canonical-json.ts';
import { software } from '../../../core/dsr/close-batch.ts';
import { windowsOfDays } from '../../../core/dsr/day-counts.ts';
import { type Evidence, type EvidenceFacts, readEvidence, verifyEvidence } from '../../../core/dsr/evidence.ts';
import { homeChecks, icebergChecks } from '../../../core/dsr/proof-checks.ts';
import { addDays } from '../../../core/window.ts';

const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
const pem = publicKey.export({ type: 'spki', format: 'pem' }).toString();

const facts: EvidenceFacts = {
  format: 'lethe-erasure-evidence/1',
  software,
  batch: 'batch-1',
  pipeline: 'chat',
  openedAt: '2026-03-05T00:00:00.000Z',
  closedAt: '2026-03-20T00:00:00.000Z',
  clock: 'real',
  subjects: 1,
  requests: [],
  rounds: [
    {
      kind: 'erasure',
      before: { bronze: { '2026-03-04': { all: 3, subjects: 2 } } },
      after: { bronze: { '2026-03-04': { all: 1, subjects: 0 } } },
      erasedAt: '2026-03-05T00:00:00.000Z',
      provenAt: '2026-03-06T01:00:00.000Z',
      failedProofs: 0,
      proof: Object.values(homeChecks).map((check) => ({ check, passed: true, detail: '1' })),
      statements: [],
    },
    {
      kind: 'sweep',
      before: {},
      after: {},
      erasedAt: '2026-03-20T00:00:00.000Z',
      failedProofs: 0,
      proof: [],
      statements: [],
    },
  ],
};
const signed = (evidence: EvidenceFacts): Evidence => ({
  evidence,
  publicKey: pem,
  signature: sign('sha256', Buffer.from(canonicalJson(evidence)), privateKey).toString('base64'),
});

test('evidence names the version that the package has', () => {
  const { name, version } = JSON.parse(readFileSync(join(__dirname, '..', '..', '..', 'package.json'), 'utf8'));
  expect(software).toBe(`${name} ${version}`);
});

test('evidence holds after a trip through a file that reorders and reformats it', () => {
  const reordered = JSON.stringify(Object.fromEntries(Object.entries(signed(facts)).reverse()), null, 4);
  expect(verifyEvidence(readEvidence(reordered, 'file'), pem)).toEqual({ facts, genuine: true, doubts: [] });
});

test('evidence that was changed, or signed by somebody else, is not genuine', () => {
  const changed = { ...signed(facts), evidence: { ...facts, subjects: 2 } };
  expect(verifyEvidence(changed, pem).genuine).toBe(false);
  const other = generateKeyPairSync('ec', { namedCurve: 'P-256' }).publicKey.export({ type: 'spki', format: 'pem' });
  expect(verifyEvidence(signed(facts), other.toString()).genuine).toBe(false);
});

test.each<[string, Partial<EvidenceFacts['rounds'][number]>, RegExp]>([
  ['a check that failed', { proof: [{ check: 'bytes', passed: false, detail: '' }] }, /bytes failed/],
  ['a proof that was asked for nothing', { proof: [] }, /was not asked whether no file holds an identifier/],
  [
    'a proof on Iceberg without one of its checks',
    {
      proof: Object.values(icebergChecks)
        .filter((check) => check !== icebergChecks.tombstones)
        .map((check) => ({ check, passed: true, detail: '' })),
    },
    /^round 1 was not asked whether no tombstone is left in a manifest/,
  ],
  ['rows that were left', { after: { bronze: { '2026-03-04': { all: 2, subjects: 1 } } } }, /still held 1 of 2 rows/],
  ['a day that nobody counted again', { after: {} }, /was not counted again/],
])('genuine evidence of %s raises a doubt', (_, change, doubt) => {
  const doubtful = { ...facts, rounds: facts.rounds.map((round) => ({ ...round, ...change })) };
  const { genuine, doubts } = verifyEvidence(signed(doubtful), pem);
  expect(genuine).toBe(true);
  expect(doubts.join()).toMatch(doubt);
});

test('genuine evidence of a batch that was closed before its late sweep raises a doubt', () => {
  const { genuine, doubts } = verifyEvidence(signed({ ...facts, rounds: facts.rounds.slice(0, 1) }), pem);
  expect([genuine, doubts]).toEqual([true, ['the late sweep is missing']]);
});

test('canonical JSON is the same for equal values, and reads back as them', () => {
  fc.assert(
    fc.property(fc.dictionary(fc.string(), fc.oneof(fc.string(), fc.integer(), fc.array(fc.boolean()))), (value) => {
      const shuffled = Object.fromEntries(Object.entries(value).reverse());
      expect(canonicalJson(shuffled)).toBe(canonicalJson(value));
      expect(JSON.parse(canonicalJson(value))).toEqual(JSON.parse(JSON.stringify(value)));
    }),
  );
});

test('windows cover exactly the days they are made of, at most a hundred each', () => {
  fc.assert(
    fc.property(fc.uniqueArray(fc.nat(300)), (offsets) => {
      const days = offsets.map((offset) => addDays('2026-01-01', offset));
      const covered = windowsOfDays(days).flatMap(({ from, to }) => {
        const own: string[] = [];
        for (let day = from; day < to; day = addDays(day, 1)) own.push(day);
        expect(own.length).toBeLessThanOrEqual(100);
        return own;
      });
      expect(covered).toEqual([...days].sort());
    }),
  );
});

test('a round that was never proven is a doubt, even one that says nothing of a proof', () => {
  const [erasure, ...later] = facts.rounds;
  if (erasure === undefined) throw new Error('no round');
  const { provenAt: _, ...unproven } = erasure;
  const evidence = { ...facts, rounds: [{ ...unproven, proof: [] }, ...later] };
  expect(verifyEvidence(signed(evidence), pem).doubts).toContainEqual(expect.stringContaining('not proven'));
});
