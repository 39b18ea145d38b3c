import { concludeProof } from '../../../core/dsr/conclude-proof.ts';
import { icebergChecks } from '../../../core/dsr/proof-checks.ts';
import type { TableLook } from '../../../core/dsr/table-look.ts';

const keys = ['objects', 'snapshots', 'strays', 'deletes', 'entries', 'tombstones', 'rows', 'derived'] as const;
const clean: TableLook = {
  checks: Object.fromEntries(keys.map((key) => [key, { found: 0, looked: 2 }])),
  late: 0,
  noneCondemned: false,
};
const lookedAt = (change: Partial<TableLook> = {}) => ({ a: clean, b: { ...clean, ...change } });
const failed = (change: Partial<TableLook>) =>
  concludeProof(['a', 'b'], lookedAt(change)).filter(({ passed }) => !passed);

test('a proof has every check that evidence asks for, of all tables together', () => {
  const proof = concludeProof(['a', 'b'], lookedAt({ late: 3 }));
  expect(proof.map(({ check }) => check)).toEqual(Object.values(icebergChecks));
  expect(proof.every(({ passed }) => passed)).toBe(true);
  expect(proof.find(({ check }) => check === icebergChecks.rows)?.detail).toBe(
    '4 files read, 3 rows have arrived since and wait for the sweep',
  );
});

test.each(keys)('what one table has left fails the check of %s, and names the table', (key) => {
  const manifests = key === 'tombstones' ? { rewriteManifestsOf: ['b'] } : {};
  expect(failed({ checks: { ...clean.checks, [key]: { found: 1, looked: 2 } } })).toEqual([
    { check: icebergChecks[key], passed: false, detail: 'b has 1', ...manifests },
  ]);
});

test('an inventory that named no file is in doubt, and a table that nobody has looked at is no proof', () => {
  expect(failed({ noneCondemned: true })).toEqual([
    { check: icebergChecks.objects, passed: false, detail: 'no file of b was condemned' },
  ]);
  expect(() => concludeProof(['a', 'b', 'c'], lookedAt())).toThrow('c was not looked at');
});
