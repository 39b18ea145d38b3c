import type { Batch, ErasureRequest, ProofCheck } from '../../core/dsr/request-store.ts';
import type { HomeErasures } from './home-erasures.ts';

/** What is left of somebody, and what is on record of their requests. */
export interface PersonAbsence {
  /** Whether nothing is left, neither in a table nor in a file. */
  readonly isAbsent: boolean;
  /** Rows of the person in the tables now. */
  readonly rows: number;
  readonly checks: readonly ProofCheck[];
  /** Their completed requests, oldest first, with the batches that erased them. */
  readonly completed: readonly { readonly request: ErasureRequest; readonly batch: Batch | undefined }[];
  /** Their requests that are not done. */
  readonly open: number;
}

/** Looks for somebody in tables, files and requests. */
export async function absenceOf(
  { store, keys, prover }: Pick<HomeErasures, 'store' | 'keys' | 'prover'>,
  identity: string,
): Promise<PersonAbsence> {
  const requests = await store.requestsFor(await keys.pseudonym(identity));
  const batches = new Map((await store.batches()).map((batch) => [batch.id, batch]));
  const rows = await prover.rowsOfPerson(identity);
  const checks = await prover.proveStored([identity]);
  return {
    isAbsent: rows === 0 && checks.every(({ passed }) => passed),
    rows,
    checks,
    completed: requests
      .filter(({ status }) => status === 'completed')
      .map((request) => ({ request, batch: batches.get(request.batch ?? '') })),
    open: requests.filter(({ status }) => status === 'pending' || status === 'in_progress').length,
  };
}
