import type { DryRun } from '../answers.ts';
import { askDryRun, submitRequest } from './ask.ts';
import { card } from './card.ts';
import { dataTable } from './data-table.ts';
import { h } from './elements.ts';
import { identityField, tell } from './person-form.ts';

/** Asks for somebody to be forgotten: counts first, and submits once the identifier has been typed a second time. */
export function submitCard(submitted: () => Promise<void>): HTMLElement {
  const { element, body } = card(
    'submit-request',
    'Forget somebody',
    'A request covers every row of the person up to now. It is due in one calendar month (GDPR) or 45 days (CCPA), and can be taken back until its batch is opened.',
    6,
  );
  const { field, input } = identityField('submit-identity');
  const regulation = h(
    'select',
    { name: 'regulation' },
    h('option', { value: 'gdpr' }, 'GDPR'),
    h('option', { value: 'ccpa' }, 'CCPA'),
  );
  const told = h('div', { class: 'told', role: 'status' });
  const count = h('button', { type: 'button', class: 'plain' }, 'Count what would go');
  const form = h(
    'form',
    { class: 'person', autocomplete: 'off' },
    field,
    h('div', { class: 'field' }, h('label', {}, h('span', { class: 'field-name' }, 'Regulation'), regulation)),
    h('div', { class: 'buttons' }, count, h('button', { class: 'plain' }, 'Submit a request …')),
  );
  count.addEventListener('click', () => {
    if (input.reportValidity()) {
      void tell(told, async () => countsOf(await askDryRun(input.value)), count);
    }
  });
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    const dialog = confirmation(input.value, regulation.value, (request) => {
      form.reset();
      told.replaceChildren(h('p', {}, `Request ${request} is submitted. The next run of "dsr" takes it up.`));
      void submitted();
    });
    dialog.addEventListener('close', () => {
      dialog.remove();
      input.focus();
    });
    document.body.append(dialog);
    dialog.showModal();
  });
  body.replaceChildren(form, told);
  return element;
}

function countsOf({ tables, days }: DryRun): Node[] {
  const rows = tables.map(({ table, rows, days, rowsRewritten }) => [table, rows, days, rowsRewritten]);
  const heads = ['Table', 'Rows', 'Days', 'Others’ rows, rewritten'];
  const sheet = { heads, formats: ['text', 'count', 'count', 'count'] as const, rows };
  return [
    h('p', {}, 'Nothing was submitted. An erasure would now delete:'),
    dataTable('What would go', sheet),
    h('p', {}, `What is derived from them would be made again for ${days === 1 ? '1 day' : `${days} days`}.`),
  ];
}

/** The last question before a request: whoever has mistyped an identifier would forget somebody else. */
function confirmation(identity: string, regulation: string, done: (request: string) => void): HTMLDialogElement {
  const { field, input: again } = identityField('confirm-identity', 'Type the user id once more');
  const told = h('div', { class: 'told', role: 'status' });
  const submit = h('button', { class: 'plain danger', disabled: true }, 'Submit the request');
  again.addEventListener('input', () => {
    submit.disabled = again.value !== identity;
  });
  const cancel = h('button', { type: 'button', class: 'plain', click: () => dialog.close() }, 'Cancel');
  const form = h('form', { autocomplete: 'off' }, field, told, h('div', { class: 'buttons' }, submit, cancel));
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    void tell(
      told,
      async () => {
        const { request } = await submitRequest(identity, again.value, regulation);
        dialog.close();
        done(request);
        return [];
      },
      submit,
    );
  });
  const dialog = h(
    'dialog',
    { class: 'confirm', 'aria-labelledby': 'confirm-title' },
    h('h2', { id: 'confirm-title' }, 'Forget this person?'),
    h('p', {}, 'User id ', h('code', {}, identity), `, under ${regulation.toUpperCase()}.`),
    h('p', {}, 'Their rows go from every table and file, and cannot be brought back. Dashboards stay as they are.'),
    form,
  );
  return dialog;
}
