import type { WeekStart } from '../../core/window.ts';
import type { ChartDeclaration, PeriodGrain } from '../../dashboards/chart.ts';
import type { WorkflowGraph } from './workflow-graph.ts';

// What the console's server tells its pages. Both sides are built from this file.

/** A chart without its table's declaration, which pages have no use for. */
export interface ShownChart extends ChartDeclaration {
  readonly tableName: string;
}

export interface ShownPage {
  readonly id: string;
  readonly title: string;
  readonly sentence: string;
  readonly charts: readonly ShownChart[];
}

/** What every page begins with; part of the document. */
export interface ShownConsole {
  readonly title: string;
  readonly pages: readonly ShownPage[];
  readonly rejected: ShownChart;
  readonly weekStart: WeekStart;
}

/** What the document carries: what never changes, and what could be chosen when it was asked for. */
export interface Start {
  readonly shown: ShownConsole;
  readonly choices: Choices;
}

/** What readers can choose from. Dates are `YYYY-MM-DD`. */
export interface Choices {
  readonly periods: Readonly<Partial<Record<PeriodGrain, BuiltSpan>>>;
  /** Without `All`; the busiest first. */
  readonly platforms: readonly string[];
}

/** The first and the last period of a grain. */
export interface BuiltSpan {
  readonly first: string;
  readonly last: string;
  readonly state: string;
  readonly builtAt: string;
}

export type Cell = string | number | null;

/** Rows of a query: what a chart shows. */
export interface ChartAnswer {
  readonly columns: readonly string[];
  readonly rows: readonly (readonly Cell[])[];
}

export interface ShownStep {
  readonly statement: string;
  readonly outcome: string;
  readonly rowsChanged?: number;
  readonly bytesScanned: number;
  readonly millis: number;
}

export interface ShownRun {
  readonly id: string;
  readonly workflow: string;
  readonly mode: string;
  readonly window?: string;
  readonly startedAt: string;
  readonly outcome: 'running' | 'succeeded' | 'failed';
  readonly failure?: string;
  readonly steps: readonly ShownStep[];
}

export interface ShownWorkflow {
  readonly name: string;
  readonly sentence: string;
  readonly graph: WorkflowGraph;
  /** Last day that it has built; absent while it has built none. */
  readonly builtThrough?: string;
  /** Its tables. */
  readonly tables: readonly string[];
  readonly lastRun?: ShownRun;
}

export interface Operations {
  readonly workflows: readonly ShownWorkflow[];
  readonly runs: readonly ShownRun[];
  readonly rejected: ChartAnswer;
}

/** Why something could not be answered, in one line for the reader. */
export interface Refusal {
  readonly error: string;
}
