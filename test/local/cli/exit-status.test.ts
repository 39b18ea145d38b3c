import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { canonicalJson } from '../../../core/dsr/canonical-json.ts';
import { openedBatch, submit } from '../../dsr/erasing-lake.ts';
import { factsWithoutRounds } from '../../dsr/evidence-facts.ts';
import { type EmbeddedLake, openLake } from '../embedded-lake.ts';
import { lethe } from './command-line.ts';

const person = 'person-4711';
let lake: EmbeddedLake;
beforeAll(async () => {
  lake = await openLake({}, { at: new Date('2026-03-05T07:00:00Z') });
});
afterAll(() => lake.close());

test('genuine evidence that shows no complete erasure does not pass, and it is said why', async () => {
  const { keys } = lake.session.erasures;
  const signed = {
    evidence: factsWithoutRounds,
    publicKey: await keys.publicKey(),
    signature: await keys.sign(canonicalJson(factsWithoutRounds)),
  };
  const file = join(lake.home, 'evidence.json');
  writeFileSync(file, JSON.stringify(signed));
  const doubt = 'genuine, and does not show a complete erasure: the late sweep is missing';
  const told = await lethe(['verify-evidence', file, '--home', lake.home]);
  expect(told).toMatchObject({
    status: 1,
    out: expect.stringContaining('genuine'),
    err: expect.stringContaining(doubt),
  });
  const json = await lethe(['verify-evidence', file, '--json', '--home', lake.home]);
  expect(json.status).toBe(1);
  expect(JSON.parse(json.out)).toMatchObject({ verified: false, genuine: true, doubts: ['the late sweep is missing'] });
});

describe('an absence', () => {
  const prove = (user: string) => lethe(['prove-absence', user, '--home', lake.home], lake.at);

  test('is not proven of somebody who asked for it and was not erased yet, though nothing of them is here', async () => {
    await submit(lake, person);
    expect(await prove(person)).toMatchObject({
      status: 1,
      out: expect.stringContaining('1 request still open\n0 rows'),
      err: expect.stringContaining('no erasure of them is on record'),
    });
  });

  test('is proven of somebody who was erased, but not while a file still holds them', async () => {
    const { store } = lake.session.erasures;
    await submit(lake, person);
    const requests = (await store.pending(9)).map(({ id }) => id);
    const closedAt = '2026-03-23T06:00:00.000Z';
    const batch = openedBatch('one', { requests });
    await store.open(batch, batch.openedAt);
    await store.close({ ...batch, stage: 'closed', closedAt }, 'one.json', closedAt);
    expect(await prove(person)).toMatchObject({ status: 0, err: '' });
    writeFileSync(join(lake.home, 'tmp-spill'), person);
    const outcome = await prove(person);
    expect(outcome).toMatchObject({
      status: 1,
      out: expect.stringContaining('FAILED: no file holds an identifier (1 left in tmp-spill)'),
      err: expect.stringContaining('This person is not absent.'),
    });
    expect(outcome.out + outcome.err).not.toContain(person);
  });
});
