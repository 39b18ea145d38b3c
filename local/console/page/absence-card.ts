import type { Absence } from '../answers.ts';
import { askAbsence } from './ask.ts';
import { card } from './card.ts';
import { h } from './elements.ts';
import { date, full } from './figures.ts';
import { identityField, tell } from './person-form.ts';
import { checkList } from './proof-checks.ts';

/** Looks for somebody in every table and file, and for erasures of them. */
export function absenceCard(): HTMLElement {
  const { element, body } = card(
    'prove-absence',
    'Is somebody gone?',
    'Finds the erasures of a person by their pseudonym, counts their rows in every table, and looks for the identifier in every byte that is kept.',
    6,
  );
  const { field, input } = identityField('absence-identity');
  const told = h('div', { class: 'told', role: 'status' });
  const look = h('button', { class: 'plain' }, 'Look for them');
  const form = h('form', { class: 'person', autocomplete: 'off' }, field, h('div', { class: 'buttons' }, look));
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    void tell(told, async () => answerOf(await askAbsence(input.value)), look);
  });
  body.replaceChildren(form, told);
  return element;
}

function answerOf({ isAbsent, rows, checks, erasures, open }: Absence): Node[] {
  const verdict = isAbsent
    ? erasures.length === 0
      ? 'Nothing of this person is here, and no erasure of them is on record.'
      : 'Erased, and nothing of this person is here.'
    : 'This person is not gone.';
  const told = erasures.map(
    ({ submittedAt, batch, closedAt }) =>
      `Rows up to ${date(submittedAt.slice(0, 10))} were erased by ${batch ?? 'a batch'}${closedAt === undefined ? '' : `, closed ${date(closedAt.slice(0, 10))}`}.`,
  );
  return [
    h('p', { class: isAbsent ? 'good' : 'bad' }, verdict),
    ...told.map((text) => h('p', {}, text)),
    ...(open === 0 ? [] : [h('p', {}, `${full(open, 'count')} of their requests not done yet.`)]),
    h('p', {}, `${full(rows, 'count')} rows of the person in the tables now.`),
    checkList(checks),
  ];
}
