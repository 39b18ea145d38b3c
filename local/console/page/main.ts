import type { Choices, ShownConsole, ShownPage, Start } from '../answers.ts';
import { type Address, readAddress, writeAddress } from './address.ts';
import { askChoices } from './ask.ts';
import { ChartCard } from './chart-card.ts';
import { CompliancePage } from './compliance-page.ts';
import { h } from './elements.ts';
import { FigureCard } from './figure-card.ts';
import { date, stateText } from './figures.ts';
import { filterBar } from './filter-bar.ts';
import { OperationsPage } from './operations-page.ts';
import { applyTheme, chooseTheme, chosenTheme, nextTheme, onSystemTheme } from './theme.ts';
import type { Part } from './view.ts';

const operations: ShownPage = {
  id: 'operations',
  title: 'Operations',
  sentence: 'Whether everything runs, how fresh it is, and what was turned away.',
  charts: [],
};

const compliance: ShownPage = {
  id: 'compliance',
  title: 'Compliance',
  sentence: 'Who asked to be forgotten, how far it is, and what proves it.',
  charts: [],
};

/** The whole page: draws what the address names, and changes the address as its reader chooses. */
class ConsoleApp {
  readonly #shown: ShownConsole;
  readonly #pages: readonly ShownPage[];
  readonly #nav = h('nav', { 'aria-label': 'Pages' });
  readonly #asOf = h('p', { class: 'as-of', role: 'status' });
  readonly #head = h('div', { class: 'page-head' });
  readonly #filters = h('div', { class: 'filter-place' });
  readonly #content = h('div', { id: 'content' });
  #choices: Choices;
  #address: Address;
  #parts: Part[] = [];

  constructor({ shown, choices }: Start) {
    this.#shown = shown;
    this.#choices = choices;
    this.#asOf.replaceChildren(...asOf(choices));
    this.#pages = [...shown.pages, operations, compliance];
    this.#address = this.#read();
  }

  start(): void {
    document.body.append(
      h('a', { class: 'skip', href: '#main' }, 'Skip to the charts'),
      h(
        'header',
        { class: 'top' },
        h('a', { class: 'brand', href: '/' }, 'Lethe'),
        this.#nav,
        this.#asOf,
        themeButton(() => this.#redraw()),
      ),
      h('main', { id: 'main', tabindex: -1 }, this.#head, this.#filters, this.#content),
    );
    addEventListener('popstate', () => this.#go(this.#read()));
    onSystemTheme(() => this.#redraw());
    this.#drawFrame();
    this.#drawPage();
    new EventSource('/api/events').addEventListener('message', (event) => void this.#heard(JSON.parse(event.data)));
  }

  #read(): Address {
    return readAddress(location, this.#pages[0]?.id ?? operations.id);
  }

  get #page(): ShownPage {
    return this.#pages.find(({ id }) => id === this.#address.page) ?? operations;
  }

  /** Something has run: a workflow's end may have changed every chart. */
  async #heard(event: { workflow: string; outcome: string }): Promise<void> {
    if (event.outcome === 'running' && this.#page.charts.length > 0) {
      this.#asOf.textContent = `Running ${event.workflow} …`;
      return;
    }
    await this.#refreshChoices();
    this.#drawFilters();
    await this.#showParts();
  }

  async #refreshChoices(): Promise<void> {
    try {
      this.#choices = await askChoices();
      this.#asOf.replaceChildren(...asOf(this.#choices));
    } catch (error) {
      this.#asOf.textContent = error instanceof Error ? error.message : '';
    }
  }

  #change(to: Partial<Address>): void {
    const next = { ...this.#address, ...to };
    history.pushState(null, '', writeAddress(next));
    this.#go(next);
  }

  #go(next: Address): void {
    const isSamePage = next.page === this.#address.page;
    this.#address = next;
    if (!isSamePage) {
      this.#drawFrame();
      this.#drawPage();
      scrollTo(0, 0);
      return;
    }
    this.#drawNav();
    this.#drawFilters();
    void this.#showParts();
  }

  #drawFrame(): void {
    const { title, sentence } = this.#page;
    document.title = `${title} · ${this.#shown.title} · Lethe`;
    this.#head.replaceChildren(h('h1', {}, title), h('p', {}, sentence));
    this.#drawNav();
  }

  #drawNav(): void {
    this.#nav.replaceChildren(
      ...this.#pages.map(({ id, title }) => {
        const isHere = id === this.#page.id;
        return h(
          'a',
          {
            href: writeAddress({ ...this.#address, page: id }),
            'aria-current': isHere ? 'page' : undefined,
            click: (event) => {
              // A click with a modifier opens a tab of its own.
              if (event instanceof MouseEvent && (event.metaKey || event.ctrlKey || event.shiftKey)) return;
              event.preventDefault();
              this.#change({ page: id });
            },
          },
          title,
        );
      }),
    );
    this.#nav.querySelector('[aria-current]')?.scrollIntoView({ block: 'nearest', inline: 'center' });
  }

  #drawFilters(): void {
    const active = document.activeElement;
    const name = active instanceof HTMLInputElement || active instanceof HTMLSelectElement ? active.name : '';
    const value = active instanceof HTMLInputElement ? active.value : '';
    if (this.#page.charts.length === 0) {
      this.#filters.replaceChildren();
      return;
    }
    const bar = filterBar(this.#page, this.#address, this.#choices, (to) => this.#change(to));
    this.#filters.replaceChildren(bar);
    if (name === '') return;
    // The control that was just used keeps the focus, though it is a new one.
    const again = [...bar.querySelectorAll<HTMLInputElement | HTMLSelectElement>(`[name="${name}"]`)];
    (again.find((control) => control.value === value) ?? again[0])?.focus();
  }

  #drawPage(): void {
    for (const part of this.#parts) part.close();
    this.#drawFilters();
    if (this.#page.charts.length === 0) {
      const page = this.#page === compliance ? new CompliancePage() : new OperationsPage(this.#shown.rejected);
      this.#parts = [page];
      this.#content.replaceChildren(page.element);
    } else {
      this.#parts = this.#page.charts.map((chart) =>
        chart.kind === 'figure' ? new FigureCard(chart) : new ChartCard(chart),
      );
      this.#content.replaceChildren(h('div', { class: 'grid' }, ...this.#parts.map(({ element }) => element)));
    }
    void this.#showParts();
  }

  async #showParts(): Promise<void> {
    const view = { address: this.#address, choices: this.#choices, weekStart: this.#shown.weekStart };
    await Promise.all(this.#parts.map((part) => part.show(view)));
  }

  #redraw(): void {
    applyTheme();
    this.#drawFilters();
    for (const part of this.#parts) part.redraw();
  }
}

function asOf({ periods }: Choices): (Node | string)[] {
  const days = periods.DAILY;
  if (days === undefined) return ['No day is built yet.'];
  return ['Data as of ', h('b', {}, date(days.last)), `, ${stateText(days)}`];
}

function themeButton(changed: () => void): HTMLElement {
  const label = () => {
    const theme = chosenTheme();
    button.setAttribute('aria-label', `Theme: ${theme}`);
    button.replaceChildren('◐', h('span', { class: 'theme-name' }, ` ${theme}`));
  };
  const button = h('button', {
    type: 'button',
    class: 'theme',
    click: () => {
      chooseTheme(nextTheme(chosenTheme()));
      label();
      changed();
    },
  });
  label();
  return button;
}

applyTheme();
const start: Start = JSON.parse(document.getElementById('console')?.textContent ?? '{}');
new ConsoleApp(start).start();
