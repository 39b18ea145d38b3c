import { h } from './elements.ts';

/** A framed part of a page: its title, what it means, what can be done with it, and a body that is filled later. */
export interface Card {
  readonly element: HTMLElement;
  readonly body: HTMLElement;
  readonly actions: HTMLElement;
}

export function card(id: string, title: string, description: string, width: number): Card {
  const body = h('div', { class: 'card-body' });
  const actions = h('div', { class: 'actions' });
  const element = h(
    'section',
    { class: `card w${width}`, id, 'aria-labelledby': `${id}-title` },
    h('header', {}, h('h2', { id: `${id}-title` }, title), actions),
    h('p', { class: 'meaning', id: `${id}-meaning` }, description),
    body,
  );
  return { element, body, actions };
}

/** Fills a card's body while something is on its way. */
export function showLoading(body: HTMLElement): void {
  body.setAttribute('aria-busy', 'true');
  body.replaceChildren(h('div', { class: 'state loading' }, h('span', { class: 'pulse' }, 'Loading…')));
}

export function showEmpty(body: HTMLElement, text: string): void {
  body.removeAttribute('aria-busy');
  body.replaceChildren(h('div', { class: 'state' }, text));
}

export function showError(body: HTMLElement, error: unknown, again: () => void): void {
  body.removeAttribute('aria-busy');
  const text = error instanceof Error ? error.message : 'Something went wrong.';
  body.replaceChildren(
    h('div', { class: 'state error', role: 'alert' }, text, h('button', { type: 'button', click: again }, 'Try again')),
  );
}
