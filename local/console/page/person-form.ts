import { longestIdentity } from '../../../core/dsr/limits.ts';
import { h } from './elements.ts';

/** A field for a person's identifier, which the browser neither keeps nor proposes. */
export function identityField(id: string, label = 'User id'): { field: HTMLElement; input: HTMLInputElement } {
  const input = h('input', {
    id,
    type: 'text',
    required: true,
    maxlength: longestIdentity,
    autocomplete: 'off',
    autocapitalize: 'off',
    spellcheck: 'false',
  });
  return { field: h('div', { class: 'field wide' }, h('label', { for: id }, label), input), input };
}

/** Shows what comes of a question, or why nothing does; the button rests meanwhile. */
export async function tell(place: HTMLElement, ask: () => Promise<Node[]>, button: HTMLButtonElement): Promise<void> {
  button.disabled = true;
  place.setAttribute('aria-busy', 'true');
  place.replaceChildren(h('p', { class: 'pulse' }, 'Looking …'));
  try {
    place.replaceChildren(...(await ask()));
  } catch (error) {
    const text = error instanceof Error ? error.message : 'Something went wrong.';
    place.replaceChildren(h('p', { class: 'bad' }, text));
  } finally {
    place.removeAttribute('aria-busy');
    button.disabled = false;
  }
}
