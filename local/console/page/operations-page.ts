import type { Operations, ShownChart, ShownRun, ShownWorkflow } from '../answers.ts';
import { askOperations } from './ask.ts';
import { card, showEmpty, showError, showLoading } from './card.ts';
import { dataTable } from './data-table.ts';
import { offerCsv } from './downloads.ts';
import { h } from './elements.ts';
import { bytes, date, duration, full } from './figures.ts';
import { csv, type Sheet, sheetOfTable } from './sheet.ts';
import type { Part } from './view.ts';
import { workflowDrawing } from './workflow-drawing.ts';

/** Workflows, their latest runs, how fresh each table is, and what was rejected. */
export class OperationsPage implements Part {
  readonly element = h('div', { class: 'grid' });
  readonly #rejected: ShownChart;

  constructor(rejected: ShownChart) {
    this.#rejected = rejected;
    showLoading(this.element);
  }

  async show(): Promise<void> {
    try {
      this.#draw(await askOperations());
    } catch (error) {
      showError(this.element, error, () => void this.show());
    }
  }

  #draw({ workflows, runs, rejected }: Operations): void {
    this.element.removeAttribute('aria-busy');
    this.element.replaceChildren(
      freshness(workflows),
      sheetCard(
        this.#rejected.id,
        this.#rejected.title,
        this.#rejected.description,
        6,
        sheetOfTable(this.#rejected, rejected),
        'Nothing was rejected.',
      ),
      latestRuns(runs),
      ...workflows.map(workflowCard),
    );
  }

  redraw(): void {}

  close(): void {}
}

function sheetCard(
  id: string,
  title: string,
  meaning: string,
  width: number,
  sheet: Sheet,
  empty: string,
): HTMLElement {
  const { element, body, actions } = card(id, title, meaning, width);
  if (sheet.rows.length === 0) showEmpty(body, empty);
  else {
    body.replaceChildren(dataTable(title, sheet));
    actions.append(
      h(
        'button',
        { type: 'button', 'aria-label': `${title}: download as CSV`, click: () => offerCsv(id, csv(sheet)) },
        'CSV',
      ),
    );
  }
  return element;
}

function freshness(workflows: readonly ShownWorkflow[]): HTMLElement {
  const rows = workflows.flatMap(({ name, tables, builtThrough }) =>
    tables.map((table) => [table, name, builtThrough ?? null]),
  );
  return sheetCard(
    'freshness',
    'Freshness',
    'The last day that each table holds, by the workflow that builds it.',
    6,
    { heads: ['Table', 'Workflow', 'Built through'], formats: ['text', 'text', 'date'], rows },
    'No workflow builds a table.',
  );
}

function latestRuns(runs: readonly ShownRun[]): HTMLElement {
  const rows = runs.map(({ startedAt, workflow, mode, window, outcome, steps, failure }) => [
    startedAt.slice(0, 19).replace('T', ' '),
    workflow,
    mode,
    window ?? '–',
    failure === undefined ? outcome : `${outcome}: ${failure}`,
    duration(workMillis(steps)),
    full(
      steps.reduce((sum, { rowsChanged }) => sum + (rowsChanged ?? 0), 0),
      'count',
    ),
    bytes(steps.reduce((sum, { bytesScanned }) => sum + bytesScanned, 0)),
  ]);
  const heads = [
    'Started (UTC)',
    'Workflow',
    'Mode',
    'Periods',
    'Outcome',
    'Statements took',
    'Rows changed',
    'Scanned',
  ];
  return sheetCard(
    'runs',
    'Latest runs',
    'Scheduled runs look for what has changed; rows changed and bytes scanned are those of their statements together. A run without changes scans next to nothing.',
    12,
    { heads, formats: heads.map(() => 'text' as const), rows },
    'No run yet.',
  );
}

function workflowCard(workflow: ShownWorkflow): HTMLElement {
  const { element, body } = card(`workflow-${workflow.name}`, workflow.name, workflow.sentence, 4);
  const { builtThrough, lastRun } = workflow;
  const facts = [
    ...(builtThrough === undefined ? [] : [`Built through ${date(builtThrough)}.`]),
    ...(lastRun === undefined
      ? []
      : [`Last run with work: ${lastRun.outcome}, its statements took ${duration(workMillis(lastRun.steps))}.`]),
  ];
  body.replaceChildren(h('p', { class: 'facts' }, facts.join(' ')), workflowDrawing(workflow));
  return element;
}

/** Time that statements took: a run's own clock may be a simulated one. */
function workMillis(steps: ShownRun['steps']): number {
  return steps.reduce((sum, { millis }) => sum + millis, 0);
}
