import type { ProofCheck } from '../../../core/dsr/request-store.ts';
import { h } from './elements.ts';

/** Checks of a proof, each with its result and what it found. */
export function checkList(checks: readonly ProofCheck[]): HTMLElement {
  return h(
    'ul',
    { class: 'checks' },
    ...checks.map(({ check, passed, detail }) =>
      h(
        'li',
        {},
        h('b', { class: passed ? 'good' : 'bad' }, passed ? 'ok' : 'failed'),
        ` ${check} `,
        h('span', { class: 'detail' }, `(${detail})`),
      ),
    ),
  );
}
