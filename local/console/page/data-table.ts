import type { Cell } from '../answers.ts';
import { h } from './elements.ts';
import { full } from './figures.ts';
import type { Sheet } from './sheet.ts';

/** A sheet as a table that scrolls by itself, reachable by keyboard. */
export function dataTable(title: string, { heads, formats, rows }: Sheet): HTMLElement {
  const isNumber = (at: number) => !['text', 'date', 'instant'].includes(formats[at] ?? 'text');
  const cell = (value: Cell, at: number) =>
    at === 0
      ? h('th', { scope: 'row' }, full(value, formats[at] ?? 'text'))
      : h('td', isNumber(at) ? { class: 'number' } : {}, full(value, formats[at] ?? 'text'));
  return h(
    'div',
    { class: 'table', tabindex: 0, role: 'region', 'aria-label': `${title}, table` },
    h(
      'table',
      {},
      h(
        'thead',
        {},
        h('tr', {}, ...heads.map((head, at) => h('th', { scope: 'col', class: isNumber(at) ? 'number' : '' }, head))),
      ),
      h('tbody', {}, ...rows.map((row) => h('tr', {}, ...row.map(cell)))),
    ),
  );
}
