import { noteUndeclared } from '../../../lambdas/monitoring/observed.ts';
import { writtenDuring } from '../dsr/written-during.ts';

test('columns that no declaration has are named in the log, once, and nothing is said where there are none', async () => {
  const written = await writtenDuring(async () => noteUndeclared(['visits.country', 'stays.nights']));
  const line = JSON.parse(written);
  expect(line).toMatchObject({ level: 'WARN', columns: ['visits.country', 'stays.nights'] });
  expect(await writtenDuring(async () => noteUndeclared([]))).toBe('');
});
