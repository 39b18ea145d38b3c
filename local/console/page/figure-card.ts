import { everybody } from '../../../dashboards/chart.ts';
import type { Filters } from '../../../dashboards/chart-sql.ts';
import type { ChartAnswer, ShownChart } from '../answers.ts';
import { askChart } from './ask.ts';
import { showEmpty, showError, showLoading } from './card.ts';
import { chartSeries } from './chart-series.ts';
import { h, s } from './elements.ts';
import { full, periodName, short } from './figures.ts';
import { keyFigure } from './key-figure.ts';
import { builtWithin, filtersFor } from './time-range.ts';
import type { Part, View } from './view.ts';

/** The latest value of a figure, its change against the period before, and its way there. */
export class FigureCard implements Part {
  readonly element: HTMLElement;
  readonly #chart: ShownChart;
  readonly #body = h('div', { class: 'figure-body' });
  #asked = new AbortController();

  constructor(chart: ShownChart) {
    this.#chart = chart;
    const meaning = `${chart.id}-meaning`;
    this.element = h(
      'section',
      { class: `card figure w${chart.width}`, id: chart.id, 'aria-label': chart.title },
      h(
        'header',
        {},
        h('h2', {}, chart.title),
        h(
          'button',
          { type: 'button', class: 'about', popovertarget: meaning, 'aria-label': `What ${chart.title} means` },
          '?',
        ),
      ),
      h('p', { class: 'meaning', id: meaning, popover: 'auto' }, chart.description),
      this.#body,
    );
  }

  async show(view: View): Promise<void> {
    this.#asked.abort();
    this.#asked = new AbortController();
    const { signal } = this.#asked;
    const filters = filtersFor(this.#chart, view.address, view.choices, view.weekStart);
    if (filters === undefined) return showEmpty(this.#body, 'Not built yet.');
    if (this.#body.childElementCount === 0) showLoading(this.#body);
    else this.#body.setAttribute('aria-busy', 'true');
    try {
      this.#draw(await askChart(this.#chart, filters, signal), filters, view);
    } catch (error) {
      if (!signal.aborted) showError(this.#body, error, () => void this.show(view));
    }
  }

  #draw(answer: ChartAnswer, filters: Filters, view: View): void {
    this.#body.removeAttribute('aria-busy');
    const { grain, platform } = view.address;
    const built = builtWithin(this.#chart, filters, view.choices, view.weekStart);
    const shown = chartSeries(this.#chart, answer, grain, view.weekStart, built);
    const figure = keyFigure(shown);
    if (figure === undefined) {
      showEmpty(this.#body, 'No rows for these filters.');
      return;
    }
    const { now, period, change, compared } = figure;
    const { format } = shown;
    this.#body.replaceChildren(
      h('p', { class: 'value', title: full(now, format) }, now === null ? full(now, format) : short(now, format)),
      h('p', { class: 'change' }, change === undefined ? undefined : h('b', {}, change), ` ${compared}`),
      sparkline(shown.drawn[0]?.values ?? []),
      h('p', { class: 'period' }, `${periodName(period, grain)}${platform === everybody ? '' : `, ${platform}`}`),
    );
  }

  redraw(): void {}

  close(): void {
    this.#asked.abort();
  }
}

/** A line without axes, for the shape alone; it passes over periods without a value. */
function sparkline(values: readonly (number | null)[]): SVGElement {
  const [width, height] = [120, 28];
  const known = values.filter((value) => value !== null);
  const most = Math.max(...known);
  const least = Math.min(...known);
  const span = most === least ? 1 : most - least;
  const points = values.flatMap((value, at) => {
    if (value === null) return [];
    const x = values.length === 1 ? width : (at / (values.length - 1)) * width;
    return [`${x.toFixed(1)},${(height - 3 - ((value - least) / span) * (height - 6)).toFixed(1)}`];
  });
  return s(
    'svg',
    { viewBox: `0 0 ${width} ${height}`, class: 'spark', preserveAspectRatio: 'none', 'aria-hidden': 'true' },
    s('polyline', { points: points.join(' '), fill: 'none', 'vector-effect': 'non-scaling-stroke' }),
  );
}
