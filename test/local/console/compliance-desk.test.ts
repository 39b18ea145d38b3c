import { generateKeyPairSync, sign } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { canonicalJson } from '../../../core/dsr/canonical-json.ts';
import type { ErasureRequest } from '../../../core/dsr/request-store.ts';
import { ComplianceDesk } from '../../../local/console/compliance-desk.ts';
import { evidenceDirectory } from '../../../local/dsr/home-erasures.ts';
import { factsWithoutRounds } from '../../dsr/evidence-facts.ts';
import { type EmbeddedLake, openLake } from '../embedded-lake.ts';

let lake: EmbeddedLake;
beforeAll(async () => {
  lake = await openLake();
});
afterAll(() => lake.close());

const completed = (id: string, evidence: string): ErasureRequest => ({
  id,
  regulation: 'gdpr',
  submittedAt: '2026-03-05T06:00:00Z',
  receivedAt: '2026-03-05T07:00:00Z',
  due: '2026-04-05T06:00:00Z',
  status: 'completed',
  pseudonyms: ['0'],
  evidence,
});

const facts = { ...factsWithoutRounds, batch: 'whole' };

describe('the overview of requests', () => {
  test('shows evidence that is missing, damaged or forged as what it is, and all other evidence beside it', async () => {
    const { store, keys } = lake.session.erasures;
    const put = async (name: string, text?: string) => {
      await store.add(completed(name, `${name}.json`));
      if (text !== undefined) writeFileSync(join(evidenceDirectory(lake.home), `${name}.json`), text);
    };
    mkdirSync(evidenceDirectory(lake.home), { recursive: true });
    const whole = { evidence: facts, publicKey: '', signature: await keys.sign(canonicalJson(facts)) };
    const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    const forged = sign('sha256', Buffer.from(canonicalJson(facts)), privateKey).toString('base64');
    await put('whole', JSON.stringify(whole));
    await put('missing');
    await put('cut-short', JSON.stringify(whole).slice(0, 100));
    await put('forged', JSON.stringify({ ...whole, signature: forged }));

    const desk = new ComplianceDesk(lake.session, lake.home);
    const { requests, evidence } = await desk.overview();
    expect(requests).toHaveLength(4);
    expect(new Set(requests.map(({ receivedAt }) => receivedAt))).toEqual(new Set(['2026-03-05T07:00:00Z']));
    expect(
      evidence.map((shown) => [shown.name, shown.isReadable ? `genuine: ${shown.isGenuine}` : shown.fault]),
    ).toEqual([
      ['forged.json', 'genuine: false'],
      ['cut-short.json', expect.stringMatching(/^cut-short.json is no evidence/)],
      ['missing.json', 'missing.json is missing or cannot be read.'],
      ['whole.json', 'genuine: true'],
    ]);
    expect(await desk.evidence('missing.json')).toBeUndefined();
    expect(await desk.evidence('whole.json')).toContain('lethe-erasure-evidence');
  });
});
