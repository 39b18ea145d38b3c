import type { BatchStage, ProofCheck, Regulation, RequestStatus } from '../../core/dsr/request-store.ts';
import type { WeekStart } from '../../core/window.ts';
import type { ChartDeclaration, PeriodGrain } from '../../dashboards/chart.ts';
import type { RunOutcome } from '../ledger/run-outcome.ts';
import type { WorkflowGraph } from './workflow-graph.ts';

// What the console's server tells its pages. Both sides are built from this file.

/** A chart without its table's declaration, which pages have no use for. */
export interface ShownChart extends Omit<ChartDeclaration, 'built'> {
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
  /** The first that late events may still change. Default: all are final. */
  readonly provisionalFrom?: string;
  readonly builtAt: string;
}

export type Cell = string | number | null;

/** Rows of a query: what a chart shows. */
export interface ChartAnswer {
  readonly columns: readonly string[];
  readonly rows: readonly (readonly Cell[])[];
  /** There are more rows than a chart shows: older periods, or the end of a table. Default: these are all. */
  readonly isCut?: true;
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
  readonly outcome: RunOutcome;
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

/** A deletion request, without whom it concerns. Instants are ISO 8601. */
export interface ShownRequest {
  readonly id: string;
  readonly regulation: Regulation;
  readonly submittedAt: string;
  /** The time that the law gives is counted from here. */
  readonly receivedAt: string;
  readonly due: string;
  readonly status: RequestStatus;
  readonly people: number;
  readonly batch?: string;
  readonly stage?: BatchStage;
  /** Nothing is done with its batch before. */
  readonly waitsUntil?: string;
  readonly closedAt?: string;
  /** Name of the evidence. */
  readonly evidence?: string;
}

export interface ShownCheck extends ProofCheck {
  readonly round: 'erasure' | 'sweep';
  readonly provenAt?: string;
}

/** Evidence that a request names and that is missing or damaged: it proves nothing. */
export interface UnreadableEvidence {
  readonly name: string;
  readonly isReadable: false;
  /** Why, in one line for the reader. */
  readonly fault: string;
}

/** Evidence, and what verifying it came to. */
export interface ShownEvidence {
  readonly name: string;
  readonly isReadable: true;
  readonly batch: string;
  readonly openedAt: string;
  readonly closedAt: string;
  /** Waits were skipped on a simulated clock. */
  readonly isSimulated: boolean;
  readonly people: number;
  readonly requests: number;
  readonly rowsDeleted: number;
  readonly isGenuine: boolean;
  readonly doubts: readonly string[];
  readonly checks: readonly ShownCheck[];
}

export interface Compliance {
  /** The lakehouse's clock. */
  readonly now: string;
  readonly requests: readonly ShownRequest[];
  /** Malformed events that were turned away. */
  readonly refused: number;
  readonly evidence: readonly (ShownEvidence | UnreadableEvidence)[];
}

export interface DryRun {
  /** `rowsRewritten`: rows of others on those days. */
  readonly tables: readonly {
    readonly table: string;
    readonly rows: number;
    readonly days: number;
    readonly rowsRewritten: number;
  }[];
  /** Days for which what is derived is made again. */
  readonly days: number;
}

/** Whether somebody is gone. */
export interface Absence {
  readonly isAbsent: boolean;
  /** Rows of the person in the tables now. */
  readonly rows: number;
  readonly checks: readonly ProofCheck[];
  /** Their completed requests. */
  readonly erasures: readonly ShownRequest[];
  /** Their requests that are not done. */
  readonly open: number;
}
