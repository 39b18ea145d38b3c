import type { BatchStage } from '../../../core/dsr/request-store.ts';
import type { Compliance, ShownRequest } from '../answers.ts';
import { withdrawRequest } from './ask.ts';
import { card, showEmpty } from './card.ts';
import { dueText } from './due-text.ts';
import { h } from './elements.ts';
import { full } from './figures.ts';

/** What a request goes through, in order. */
const steps = ['Submitted', 'Deleted', 'Proven gone', 'Late sweep', 'Completed'] as const;

/** Steps that are done in each stage of a batch. */
const done: Readonly<Record<BatchStage, number>> = {
  estimating: 1,
  opened: 1,
  erased: 2,
  proven: 3,
  swept: 3,
  closing: 4,
  closed: 5,
};

/** Every request with its due date and how far it is. Who is meant stands nowhere. */
export function requestsCard({ requests, refused, now }: Compliance, changed: () => Promise<void>): HTMLElement {
  const { element, body } = card(
    'requests',
    'Requests',
    'Who is meant is not kept in readable form. Each run of "dsr", once a day after silver, takes every open batch one step further: npx lethe run dsr.',
    12,
  );
  if (requests.length === 0) showEmpty(body, 'Nobody has asked to be forgotten.');
  else body.replaceChildren(tableOf(requests, now, changed));
  if (refused > 0) body.append(h('p', { class: 'facts' }, `Malformed events turned away: ${full(refused, 'count')}.`));
  return element;
}

function tableOf(requests: readonly ShownRequest[], now: string, changed: () => Promise<void>): HTMLElement {
  const heads = ['Request', 'Regulation', 'Submitted', 'Due', 'Progress', 'People', ''];
  return h(
    'div',
    { class: 'table', tabindex: 0, role: 'region', 'aria-label': 'Requests, table' },
    h(
      'table',
      {},
      h('thead', {}, h('tr', {}, ...heads.map((head) => (head === '' ? h('td') : h('th', { scope: 'col' }, head))))),
      h('tbody', {}, ...requests.map((request) => rowOf(request, now, changed))),
    ),
  );
}

function rowOf(request: ShownRequest, now: string, changed: () => Promise<void>): HTMLElement {
  const { id, regulation, submittedAt, people, status } = request;
  const withdraw = h('button', { type: 'button', class: 'plain', 'aria-label': `Withdraw request ${id}` }, 'Withdraw');
  withdraw.addEventListener('click', () => {
    withdraw.disabled = true;
    // Whatever comes of it shows in the request's state.
    void withdrawRequest(id).finally(changed);
  });
  return h(
    'tr',
    {},
    h('th', { scope: 'row' }, h('code', {}, id)),
    h('td', {}, regulation.toUpperCase()),
    h('td', {}, `${submittedAt.slice(0, 16).replace('T', ' ')} UTC`),
    h('td', {}, dueOf(request, now)),
    h('td', {}, progressOf(request)),
    h('td', {}, full(people, 'count')),
    h('td', {}, status === 'pending' ? withdraw : undefined),
  );
}

function dueOf(request: ShownRequest, now: string): HTMLElement {
  const { text, isBad } = dueText(request, now);
  return h('span', { class: isBad ? 'bad' : '' }, text);
}

function progressOf({ status, stage, waitsUntil }: ShownRequest): HTMLElement {
  if (status === 'cancelled') return h('span', {}, 'Withdrawn');
  const reached = stage === undefined ? 1 : done[stage];
  const waits = waitsUntil === undefined ? '' : `next step not before ${waitsUntil.slice(0, 16).replace('T', ' ')} UTC`;
  return h(
    'div',
    {},
    h(
      'ol',
      { class: 'steps' },
      ...steps.map((step, at) =>
        h(
          'li',
          { class: at < reached ? 'done' : '', 'aria-current': at === reached - 1 ? 'step' : undefined },
          step,
          at < reached ? h('span', { class: 'spoken' }, ' (done)') : undefined,
        ),
      ),
    ),
    status === 'pending'
      ? h('span', { class: 'detail' }, 'waits for the next run')
      : h('span', { class: 'detail' }, waits),
  );
}
