import { proveErasure, recordErased } from '../../../core/dsr/finish-stage.ts';
import type { BatchStage, ProofCheck } from '../../../core/dsr/request-store.ts';
import { openedBatch } from '../../dsr/erasing-lake.ts';
import { type EmbeddedLake, openLake } from '../../local/embedded-lake.ts';

const round = {
  kind: 'erasure',
  before: { silver_messages: { '2026-03-03': { all: 2, subjects: 1 } } },
  runs: ['run-1'],
} as const;
let lake: EmbeddedLake;
beforeAll(async () => {
  lake = await openLake();
  await lake.session.erasures.subjects.write('one', []);
});
afterAll(() => lake.close());
beforeEach(async () => {
  lake.at = new Date('2026-03-05T07:00:00Z');
  await lake.session.erasures.store.save(openedBatch('one', { rounds: [round] }));
});

const batch = async () => (await lake.session.erasures.store.batches())[0];

test('a task that is called again, since its answer was lost, takes a batch no second stage further', async () => {
  const { runtime } = lake.session;
  for (let times = 0; times < 2; times++) expect(await recordErased(runtime, 'one')).toBe('wait');
  // A day and an hour after the rewrite.
  expect(await batch()).toMatchObject({ stage: 'erased', waitsUntil: '2026-03-06T08:00:00.000Z' });
  lake.at = new Date('2026-03-06T09:00:00Z');
  for (let times = 0; times < 2; times++)
    expect(await proveErasure(runtime, 'one', 'run')).toEqual({ next: 'wait', manifests: [] });
  // The sweep waits for what Kafka may still bring: nothing is closed before it.
  expect(await batch()).toMatchObject({
    stage: 'proven',
    waitsUntil: '2026-03-19T07:00:00.000Z',
    rounds: [{ kind: 'erasure' }],
  });
});

describe('a proof that finds something', () => {
  const manifests = (...tables: string[]): ProofCheck => ({
    check: 'no tombstone is left in a manifest',
    passed: false,
    detail: 'one',
    rewriteManifestsOf: tables,
  });
  const object: ProofCheck = { check: 'no condemned object is left', passed: false, detail: '1 of 3' };
  const passed: ProofCheck = { check: 'no stray object is left', passed: true, detail: 'none' };
  const prove = (...proof: ProofCheck[]) => {
    const { runtime, erasures } = lake.session;
    return proveErasure(
      { ...runtime, erasures: { ...erasures, prover: { prove: async () => proof } } },
      'one',
      'run-2',
    );
  };
  const come = (stage: BatchStage, failedProofs = 0) =>
    lake.session.erasures.store.save(openedBatch('one', { stage, rounds: [{ ...round, failedProofs }] }));

  test.each(['erased', 'swept'] as const)(
    'in manifests alone has these written anew, each once, and waits for the old ones to expire: a batch that is %s stays so',
    async (stage) => {
      await come(stage);
      const proof = [passed, manifests('silver_messages', 'bronze_chat_events'), manifests('silver_messages')];
      const { next, manifests: work } = await prove(...proof);
      expect([next, work.map(({ table }) => table)]).toEqual([
        'rewrite manifests',
        ['silver_messages', 'bronze_chat_events'],
      ]);
      expect(work[0]?.manifests).toHaveLength(1);
      const rounds = [{ failedProofs: 1, proof, runs: ['run-1', 'run-2'] }];
      expect(await batch()).toMatchObject({ stage, waitsUntil: '2026-03-06T08:00:00.000Z', rounds });
    },
  );

  test.each([
    ['erased', 'opened'],
    ['swept', 'proven'],
  ] as const)('anywhere else has a batch that was %s delete and rewrite again, at once', async (stage, again) => {
    await come(stage);
    expect(await prove(manifests('silver_messages'), object)).toEqual({ next: 'wait', manifests: [] });
    expect(await batch()).toMatchObject({ stage: again, waitsUntil: lake.at.toISOString() });
  });

  test('for the third time fails, and says what and where', async () => {
    await come('erased', 2);
    await expect(prove(manifests('silver_messages'), passed, object)).rejects.toMatchObject({
      name: 'CheckFailed',
      message:
        'one is not proven after 3 rewrites: no tombstone is left in a manifest: one; no condemned object is left: 1 of 3.',
    });
    expect(await batch()).toMatchObject({ stage: 'opened', rounds: [{ failedProofs: 3 }] });
  });
});
