import type { ECharts } from 'echarts/core';
import { everybody, hasPeriodAxis, mostRows } from '../../../dashboards/chart.ts';
import type { Filters } from '../../../dashboards/chart-sql.ts';
import type { ChartAnswer, ShownChart } from '../answers.ts';
import { askChart } from './ask.ts';
import { card, showEmpty, showError, showLoading } from './card.ts';
import { chartOptions, swatch } from './chart-options.ts';
import { type ChartSeries, chartSeries } from './chart-series.ts';
import { dataTable } from './data-table.ts';
import { offerCsv, offerPng } from './downloads.ts';
import { init } from './echarts.ts';
import { h } from './elements.ts';
import { full } from './figures.ts';
import { csv, type Sheet, sheetOfSeries, sheetOfTable } from './sheet.ts';
import { shade } from './theme.ts';
import { builtWithin, filtersFor } from './time-range.ts';
import type { Part, View } from './view.ts';

/** A chart with its title, meaning, legend, table and downloads. */
export class ChartCard implements Part {
  readonly element: HTMLElement;
  readonly #chart: ShownChart;
  readonly #body: HTMLElement;
  readonly #actions: HTMLElement;
  readonly #hidden = new Set<string>();
  #asTable: boolean;
  #drawn: ECharts | undefined;
  #asked = new AbortController();
  #known: { answer: ChartAnswer; filters: Filters; view: View } | undefined;

  constructor(chart: ShownChart) {
    const { element, body, actions } = card(chart.id, chart.title, chart.description, chart.width);
    this.element = element;
    this.#chart = chart;
    this.#body = body;
    this.#actions = actions;
    this.#asTable = chart.kind === 'table';
    new ResizeObserver(() => this.#drawn?.resize()).observe(body);
  }

  async show(view: View): Promise<void> {
    this.#asked.abort();
    this.#asked = new AbortController();
    const { signal } = this.#asked;
    const filters = filtersFor(this.#chart, view.address, view.choices, view.weekStart);
    if (filters === undefined) return this.#empty('No period of this length is built yet.');
    if (this.#known === undefined) showLoading(this.#body);
    else this.#body.setAttribute('aria-busy', 'true');
    try {
      const answer = await askChart(this.#chart, filters, signal);
      this.#known = { answer, filters, view };
      this.redraw();
    } catch (error) {
      if (signal.aborted) return;
      this.#known = undefined;
      this.#dispose();
      showError(this.#body, error, () => void this.show(view));
    }
  }

  /** Draws again what is known: the theme has changed, or how it is shown. */
  redraw(): void {
    if (this.#known === undefined) return;
    const { answer, filters, view } = this.#known;
    this.#dispose();
    this.#body.removeAttribute('aria-busy');
    if (answer.rows.length === 0) this.#empty('No rows for these filters.');
    else if (this.#chart.kind === 'table') {
      const sheet = sheetOfTable(this.#chart, answer);
      this.#offer(sheet);
      this.#body.replaceChildren(dataTable(this.#chart.title, sheet));
    } else this.#showSeries(answer, filters, view);
    if (answer.isCut) this.#body.append(h('p', { class: 'facts' }, cutText(this.#chart)));
  }

  #showSeries(answer: ChartAnswer, filters: Filters, view: View): void {
    const built = builtWithin(this.#chart, filters, view.choices, view.weekStart);
    const shown = chartSeries(this.#chart, answer, view.address.grain, view.weekStart, built);
    const sheet = sheetOfSeries(shown);
    this.#offer(sheet, shown);
    if (this.#asTable) this.#body.replaceChildren(dataTable(this.#chart.title, sheet));
    else this.#draw(shown, view);
  }

  #draw(shown: ChartSeries, view: View): void {
    const spoken = h('p', { class: 'spoken', 'aria-live': 'polite' });
    const place = h('div', {
      class: 'plot',
      role: 'img',
      tabindex: 0,
      'aria-label': `${summary(this.#chart, shown, view)} Arrow keys read single values.`,
    });
    this.#body.replaceChildren(this.#legend(shown), place, spoken);
    const drawn = init(place, undefined, { renderer: 'svg' });
    drawn.setOption({
      ...chartOptions(this.#chart, shown),
      legend: { show: false, selected: Object.fromEntries([...this.#hidden].map((name) => [name, false])) },
    });
    this.#drawn = drawn;
    let at = -1;
    place.addEventListener('keydown', (event) => {
      const step = event.key === 'ArrowRight' ? 1 : event.key === 'ArrowLeft' ? -1 : 0;
      if (step === 0) return;
      event.preventDefault();
      at = Math.min(Math.max(at + step, 0), shown.ticks.length - 1);
      drawn.dispatchAction({ type: 'showTip', seriesIndex: 0, dataIndex: at });
      spoken.textContent = `${shown.names[at]}: ${shown.drawn
        .filter(({ name }) => !this.#hidden.has(name))
        .map(({ name, values }) => `${name} ${full(values[at] ?? null, shown.format)}`)
        .join(', ')}`;
    });
    place.addEventListener('blur', () => drawn.dispatchAction({ type: 'hideTip' }));
  }

  #legend({ drawn }: ChartSeries): HTMLElement {
    const toggle = (name: string, button: HTMLElement) => {
      if (!this.#hidden.delete(name)) this.#hidden.add(name);
      button.setAttribute('aria-pressed', String(!this.#hidden.has(name)));
      this.#drawn?.dispatchAction({ type: 'legendToggleSelect', name });
    };
    const entries = drawn.map(({ name, colour }) => {
      const button = h('button', { type: 'button', 'aria-pressed': String(!this.#hidden.has(name)) });
      button.append(swatch(shade(colour)), name);
      button.addEventListener('click', () => toggle(name, button));
      return button;
    });
    return h('div', { class: 'legend', role: 'group', 'aria-label': `${this.#chart.title}: series` }, ...entries);
  }

  #offer(sheet: Sheet, shown?: ChartSeries): void {
    const { id, title, kind } = this.#chart;
    const button = (label: string, what: string, click: () => void, pressed?: boolean) =>
      h(
        'button',
        {
          type: 'button',
          'aria-label': `${title}: ${what}`,
          'aria-pressed': pressed === undefined ? undefined : String(pressed),
          click,
        },
        label,
      );
    const asTable = () => {
      this.#asTable = !this.#asTable;
      this.redraw();
      this.#actions.querySelector('button')?.focus();
    };
    const png = () => {
      const drawing = this.#body.querySelector('svg');
      if (drawing !== null && shown !== undefined) {
        void offerPng(
          id,
          title,
          shown.drawn.filter(({ name }) => !this.#hidden.has(name)),
          drawing,
        );
      }
    };
    this.#actions.replaceChildren(
      ...(kind === 'table' ? [] : [button('Table', 'show as table', asTable, this.#asTable)]),
      button('CSV', 'download as CSV', () => offerCsv(id, csv(sheet))),
      ...(kind === 'table' || this.#asTable ? [] : [button('PNG', 'download as PNG', png)]),
    );
  }

  #empty(text: string): void {
    this.#dispose();
    this.#actions.replaceChildren();
    showEmpty(this.#body, text);
  }

  #dispose(): void {
    this.#drawn?.dispose();
    this.#drawn = undefined;
  }

  close(): void {
    this.#asked.abort();
    this.#dispose();
  }
}

function cutText(chart: ShownChart): string {
  const what = hasPeriodAxis(chart) ? 'Older periods are' : 'The rest is';
  return `${what} left out: a chart holds at most ${full(mostRows, 'count')} values. Choose a shorter time.`;
}

function summary(chart: ShownChart, { names, drawn, format }: ChartSeries, view: View): string {
  const last = names.length - 1;
  const values = drawn.slice(0, 6).map(({ name, values }) => `${name} ${full(values[last] ?? null, format)}`);
  const platform = chart.platforms === 'one' && view.address.platform !== everybody ? `, ${view.address.platform}` : '';
  return `${chart.title}${platform}, ${names[0]} to ${names[last]}. ${names[last]}: ${values.join(', ')}.`;
}
