import { icebergChecks } from './proof-checks.ts';
import type { ProofCheck } from './request-store.ts';
import type { TableLook } from './table-look.ts';

/** The checks in the order of evidence, and what each looks at. */
const looked: readonly (readonly [keyof typeof icebergChecks, string])[] = [
  ['objects', 'condemned objects are absent in every version'],
  ['snapshots', 'snapshots'],
  ['strays', 'objects and versions'],
  ['deletes', 'files'],
  ['entries', 'entries'],
  ['tombstones', 'entries'],
  ['rows', 'files read'],
  ['derived', 'files read'],
  ['gold', 'columns'],
];

/**
 * What the looks at all tables come to, check by check.
 *
 * @param tables all that have to be looked at, in the order in which findings name them.
 * @throws Error when one of them was not: a proof without it would be none.
 */
export function concludeProof(tables: readonly string[], lookOf: Readonly<Record<string, TableLook>>): ProofCheck[] {
  const looks = tables.map((table) => {
    const look = lookOf[table];
    if (look === undefined) throw new Error(`${table} was not looked at`);
    return { table, ...look };
  });
  const late = looks.reduce((sum, look) => sum + look.late, 0);
  return looked.map(([key, things]) => {
    const left = looks.filter(({ checks }) => (checks[key]?.found ?? 0) > 0);
    const places = [
      ...(key === 'objects' ? looks.filter(({ noneCondemned }) => noneCondemned) : []).map(
        ({ table }) => `no file of ${table} was condemned`,
      ),
      ...left.map(({ table, checks }) => `${table} has ${checks[key]?.found}`),
    ];
    const all = looks.reduce((sum, { checks }) => sum + (checks[key]?.looked ?? 0), 0);
    const waiting = key === 'rows' && late > 0 ? `, ${late} rows have arrived since and wait for the sweep` : '';
    return {
      check: icebergChecks[key],
      passed: places.length === 0,
      detail: places.length === 0 ? `${all} ${things}${waiting}` : places.join(', '),
      ...(key === 'tombstones' && left.length > 0 ? { rewriteManifestsOf: left.map(({ table }) => table) } : {}),
    };
  });
}
