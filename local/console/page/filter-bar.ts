import { everybody, type PeriodGrain, periodGrains } from '../../../dashboards/chart.ts';
import { fixedColours } from '../../../dashboards/colours.ts';
import type { Choices, ShownPage } from '../answers.ts';
import { isGrain } from '../choices.ts';
import { type Address, defaultRange, rangesOf } from './address.ts';
import { swatch } from './chart-options.ts';
import { h } from './elements.ts';
import { shade } from './theme.ts';

const units: Readonly<Record<PeriodGrain, string>> = { DAILY: 'days', WEEKLY: 'weeks', MONTHLY: 'months' };

/** The filters of a page: those alone that one of its charts listens to. */
export function filterBar(
  page: ShownPage,
  address: Address,
  choices: Choices,
  change: (to: Partial<Address>) => void,
): HTMLElement {
  const hasGrain = page.charts.some(({ grain }) => grain === 'chosen');
  const hasOne = page.charts.some(({ platforms }) => platforms === 'one');
  const hasCompared = page.charts.some(({ platforms }) => platforms === 'compared');
  return h(
    'form',
    { class: 'filters', 'aria-label': 'Filters', submit: (event) => event.preventDefault() },
    hasGrain ? grainChoice(address, change) : undefined,
    hasGrain ? rangeChoice(address, choices, change) : undefined,
    hasOne ? platformChoice(address, choices, change) : undefined,
    hasCompared ? comparedChoice(address, choices, change) : undefined,
  );
}

function grainChoice({ grain }: Address, change: (to: Partial<Address>) => void): HTMLElement {
  const options = Object.entries(periodGrains).map(([value, label]) =>
    h(
      'label',
      {},
      h('input', {
        type: 'radio',
        name: 'grain',
        value,
        checked: value === grain,
        change: () => {
          if (isGrain(value)) change({ grain: value, range: defaultRange(value) });
        },
      }),
      h('span', { class: 'segment' }, label),
    ),
  );
  return h('fieldset', { class: 'segments' }, h('legend', {}, 'Grain'), ...options);
}

function rangeChoice({ grain, range }: Address, choices: Choices, change: (to: Partial<Address>) => void): HTMLElement {
  const span = choices.periods[grain];
  const presets = rangesOf[grain].map((count) => ({
    value: String(count),
    label: count === 'all' ? 'All' : `Last ${count} ${units[grain]}`,
  }));
  const isCustom = typeof range === 'object';
  const value = isCustom ? 'custom' : String(range);
  const known = isCustom || presets.some((preset) => preset.value === value);
  const shown = [
    ...presets,
    ...(known ? [] : [{ value, label: `Last ${value} ${units[grain]}` }]),
    { value: 'custom', label: 'From … to …' },
  ];
  const select = h(
    'select',
    {
      name: 'range',
      change: () => {
        if (select.value !== 'custom') return change({ range: select.value === 'all' ? 'all' : Number(select.value) });
        if (span !== undefined) change({ range: { from: span.first, to: span.last } });
      },
    },
    ...shown.map((option) => h('option', { value: option.value, selected: option.value === value }, option.label)),
  );
  const dates = isCustom
    ? (['from', 'to'] as const).map((end) => {
        const input = h('input', {
          type: 'date',
          name: end,
          'aria-label': end === 'from' ? 'First day' : 'Last day',
          value: range[end],
          change: () => {
            if (input.value !== '') change({ range: { ...range, [end]: input.value } });
          },
        });
        return input;
      })
    : [];
  return h('div', { class: 'field' }, h('label', {}, h('span', { class: 'field-name' }, 'Time'), select), ...dates);
}

function platformChoice({ platform }: Address, choices: Choices, change: (to: Partial<Address>) => void): HTMLElement {
  const names = [
    everybody,
    ...choices.platforms,
    ...(choices.platforms.includes(platform) || platform === everybody ? [] : [platform]),
  ];
  const select = h(
    'select',
    { name: 'platform', change: () => change({ platform: select.value }) },
    ...names.map((name) => h('option', { value: name, selected: name === platform }, name)),
  );
  return h(
    'div',
    { class: 'field' },
    h('label', {}, h('span', { class: 'field-name' }, 'Platform of bars and figures'), select),
  );
}

function comparedChoice({ compared }: Address, choices: Choices, change: (to: Partial<Address>) => void): HTMLElement {
  const names = [everybody, ...choices.platforms];
  const isOn = (name: string) => compared.length === 0 || compared.includes(name);
  const toggle = (name: string) => {
    const on = names.filter((other) => (other === name ? !isOn(other) : isOn(other)));
    change({ compared: on.length === names.length ? [] : on });
  };
  return h(
    'fieldset',
    { class: 'chips' },
    h('legend', {}, 'Platforms compared'),
    ...names.map((name) =>
      h(
        'label',
        {},
        h('input', { type: 'checkbox', name: 'compare', value: name, checked: isOn(name), change: () => toggle(name) }),
        h('span', { class: 'chip' }, swatch(shade(fixedColours[name] ?? { light: '#8a8f98', dark: '#8a8f98' })), name),
      ),
    ),
  );
}
