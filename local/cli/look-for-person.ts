import { join } from 'node:path';
import { CheckFailed, InputError } from '../../core/errors.ts';
import { evidenceDirectory } from '../dsr/home-erasures.ts';
import { absenceOf } from '../dsr/person-absence.ts';
import { countOf } from './figures.ts';
import type { LetheOptions } from './lethe-options.ts';
import { expectLakehouse, withSession } from './open-session.ts';
import type { Place } from './place.ts';

/** `lethe prove-absence`. The id appears in no output. */
export async function proveAbsence(
  userId: string,
  options: LetheOptions & { readonly json?: true },
  place: Place,
): Promise<void> {
  if (userId.trim() === '') throw new InputError('The user id is empty: give the one to look for.');
  expectLakehouse(options.home);
  await withSession(options, place, async ({ erasures }) => {
    const { isAbsent: absent, rows, checks, completed, open } = await absenceOf(erasures, userId);
    const erased = completed.flatMap(({ request: { id, submittedAt, evidence }, batch }) => {
      if (batch?.closedAt === undefined || evidence === undefined) return [];
      const path = join(evidenceDirectory(options.home), evidence);
      return [{ request: id, batch: batch.id, submittedAt, closedAt: batch.closedAt, evidence: path }];
    });
    if (options.json === true) {
      await place.terminal.print(`${JSON.stringify({ absent, erased, open, rows, checks }, null, 2)}\n`);
    } else {
      const lines = [
        ...erased.map(
          ({ request, batch, submittedAt, closedAt, evidence }) =>
            `Erased up to ${submittedAt} by ${batch} (request ${request}), closed ${closedAt}; evidence: ${evidence}`,
        ),
        ...(open === 0 ? [] : [`${countOf(open, 'request')} still open`]),
        `${countOf(rows, 'row')} of the person in the tables now`,
        ...checks.map(({ check, passed, detail }) => `${passed ? 'ok' : 'FAILED'}: ${check} (${detail})`),
      ];
      await place.terminal.print(`${lines.join('\n')}\n`);
    }
    if (!absent) {
      throw new CheckFailed(
        erased.length > 0 && rows > 0
          ? 'There are rows of this person: newer than the request, or arrived after the batch was closed. "lethe forget" erases them too.'
          : 'This person is not absent.',
      );
    }
    if (erased.length === 0)
      throw new CheckFailed('Nothing of this person is here, and no erasure of them is on record.');
  });
}
