import type { ErasureEstimate } from '../../core/dsr/request-store.ts';
import { bytesText, countOf, peopleText } from './figures.ts';

/** What a dry run of `dsr` has found, line by line. */
export function estimateLines({ at, requests, people, due, tables, dollars }: ErasureEstimate): string[] {
  if (due === undefined) return [`Dry run of ${at}: nobody waits to be erased.`];
  const who = `${countOf(requests, 'request')} of ${peopleText(people)}`;
  const lines = Object.entries(tables).map(([table, { rows, days, files, bytes }]) => {
    // A home keeps its tables in one file: there are none to count.
    const where = files === 0 ? '' : `, in ${countOf(files, 'file')} of ${bytesText(bytes)}`;
    return `  ${table}: ${countOf(rows, 'row')} on ${countOf(days, 'day')}${where}`;
  });
  return [
    `Dry run of ${at}: ${who}, the first due by ${due}. Nothing was opened or deleted. It would delete:`,
    ...lines,
    `On Athena its statements would cost about ${dollars.toFixed(5)} dollars.`,
  ];
}
