import type { Table } from '../catalogue/table.ts';
import type { Topic } from '../catalogue/topic.ts';
import type { Settings } from '../settings.ts';
import type { SqlValue } from '../sql/value.ts';
import type { ColumnChange, WriteMode } from '../sql/write.ts';
import type { Grain, Window } from '../window.ts';
import type { SourceCount } from './source-counts.ts';

/** Where records come from: a topic, the table it fills, and where those go that may not enter. */
export interface Source {
  readonly topic: Topic;
  readonly table: Table;
  readonly rejected: Table;
}

/**
 * One statement that fills one table. Its file holds the select alone; how its rows get into the table is said here.
 */
export interface Step {
  /** Path below `sql/`, without the ending. */
  readonly statement: string;
  readonly table: Table;
  readonly write: WriteMode;
  /**
   * Which rows of the table the select describes: the window's, those of the window and of one period on either side, or
   * those of the two neighbours alone. Default: the window's.
   */
  readonly scope?: 'window' | 'window and neighbours' | 'neighbours';
  /**
   * The only columns that it changes, in rows that are there: less to read. Its select has these and what tells the rows.
   * Default: rows come, go and change as a whole.
   */
  readonly only?: ColumnChange;
  /** It may run at the same time as the step before it: neither reads or writes what the other writes. Default: after it. */
  readonly alongside?: true;
}

/** A query that must return no rows after a build. Its rows say what is wrong, in counts and never in values. */
export interface Check {
  /** Path below `sql/`, without the ending. */
  readonly statement: string;
  /**
   * It compares with the sources, which may have changed since the build: the pass is built and checked again before the
   * check counts as failed. Default: it compares what was built.
   */
  readonly readsSources?: true;
}

/** When a workflow starts by itself; times are UTC, `HH:MM`. A period's workflow starts on the day after it, and again while late events may still change it. */
export type Schedule =
  | { readonly kind: 'daily' | 'weekly' | 'monthly'; readonly at: string }
  | { readonly kind: 'hourly'; readonly minute: number }
  | { readonly kind: 'after'; readonly workflow: string };

/** What decides whether a window is complete, and whether it has changed since it was built. */
export type Upstream =
  | {
      readonly kind: 'sources';
      /** Statement that counts the records of each period, as (table_name, the event-time column, record_count). */
      readonly counts: string;
    }
  | { readonly kind: 'workflows'; readonly names: readonly string[] };

export interface Workflow {
  readonly name: string;
  readonly sentence: string;
  readonly grain: Grain;
  readonly upstream: Upstream;
  readonly steps: readonly Step[];
  readonly checks: readonly Check[];
  readonly schedule: Schedule;
  /** Tables it writes by other means than its steps. Default: none. */
  readonly writes?: readonly Table[];
  /** Only one run of it goes on at a time. Default: as many as write different tables. */
  readonly alone?: true;
  /** Statements that ask about one of the tables it writes, as against changing it. Default: none. */
  readonly tableQueries?: readonly string[];
  /** Queries whose rows may be too many for a workflow's state: tasks fetch them by the query's id. Default: none. */
  readonly longAnswers?: readonly string[];
  /** Statements that ask one thing about every table of the pipeline, as one query. Default: none. */
  readonly everyTable?: readonly string[];
  /** Periods that one pass of the steps may build together: fewer statements, more memory. Default 1. */
  readonly periodsPerPass?: number;
  /** Table that says how far each period can be trusted, and the statement that fills it. Default: none is kept. */
  readonly periodStatus?: Step;
}

/** What a statement may ask for: the window it runs for, and the operator's settings. */
export interface StatementContext {
  readonly workflow: Workflow;
  readonly window: Window;
  readonly settings: Settings;
  /** Batches of people being erased, whose rows no statement may take in. Default: none. */
  readonly openBatches?: readonly string[];
  /** The workflow has built neither the window nor anything after it before. Default: false. */
  readonly firstBuild?: boolean;
  /** What the window's periods were built from, for a statement that asks for `source_counts`. Default: nothing. */
  readonly sourceCounts?: readonly SourceCount[];
}

/** A pipeline, declared once. Stacks, command line, console and tests are made from it. */
export interface Pipeline {
  readonly name: string;
  readonly sources: readonly Source[];
  readonly tables: readonly Table[];
  /** In the order in which data flows: an upstream workflow stands before those that read it. */
  readonly workflows: readonly Workflow[];
  /** The table that judges the data of each day; it has `dt`, `check_name`, `subject`, `dimension_value`, `value`, `expected` and `severity`. Default: nothing judges it. */
  readonly quality?: Table;
  /** Values for placeholders that only this pipeline knows. */
  readonly parameters: (context: StatementContext) => Readonly<Record<string, SqlValue>>;
}

/** The workflow of a pipeline by name. @throws Error when there is none. */
export function workflowOf(pipeline: Pipeline, name: string): Workflow {
  const workflow = pipeline.workflows.find((candidate) => candidate.name === name);
  if (workflow === undefined) throw new Error(`${pipeline.name} has no workflow ${name}`);
  return workflow;
}

/** The tables that a workflow writes, each once. */
export function tablesWritten(workflow: Workflow): Table[] {
  const steps = workflow.periodStatus === undefined ? workflow.steps : [...workflow.steps, workflow.periodStatus];
  return [...new Set([...steps.map((step) => step.table), ...(workflow.writes ?? [])])];
}
