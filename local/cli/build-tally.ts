import type { Workflow } from '../../core/lake/pipeline.ts';
import type { RunLedger, StatementRecord } from '../../core/lake/run-ledger.ts';
import { periodsOf } from '../../core/window.ts';

/** What the statements of one workflow have done. */
export interface WorkflowTally {
  readonly workflow: string;
  /** Periods that were built, each counted once. */
  readonly periods: number;
  readonly statements: number;
  readonly rowsChanged: number;
  readonly bytesScanned: number;
}

/** Follows runs by the states that they enter, and adds up what the ledger says of their statements. */
export class BuildTally {
  readonly #workflows: readonly Workflow[];
  /** By run, in the order of their first states; undefined where the ledger has to be asked again. */
  readonly #runs = new Map<string, StatementRecord[] | undefined>();

  constructor(workflows: readonly Workflow[]) {
    this.#workflows = workflows;
  }

  /** A run has entered a state: it may have finished statements since. */
  follow(run: string): void {
    this.#runs.set(run, undefined);
  }

  /** Asks the ledger for the statements of the runs that have moved. */
  async refresh(ledger: RunLedger): Promise<void> {
    for (const [run, statements] of this.#runs) {
      if (statements === undefined) this.#runs.set(run, await ledger.statementsOf(run));
    }
  }

  /** Periods of a workflow whose steps are done; one that is half done counts as a half. */
  periodsDone(workflow: string): number {
    const steps = this.#stepsOf(workflow);
    return this.#buildsOf(workflow).reduce((sum, { window }) => sum + periodsOf(window).length / steps.length, 0);
  }

  /** In the order in which workflows first did something. */
  totals(): WorkflowTally[] {
    const statements = this.#statements();
    return [...new Set(statements.map(({ workflow }) => workflow))].map((workflow) => {
      const own = statements.filter((statement) => statement.workflow === workflow);
      const starts = this.#buildsOf(workflow).flatMap(({ window }) => periodsOf(window).map(({ from }) => from));
      return {
        workflow,
        periods: new Set(starts).size,
        statements: own.length,
        rowsChanged: own.reduce((sum, { rowsChanged }) => sum + (rowsChanged ?? 0), 0),
        bytesScanned: own.reduce((sum, { bytesScanned }) => sum + bytesScanned, 0),
      };
    });
  }

  #statements(): StatementRecord[] {
    return [...this.#runs.values()].flatMap((statements) => statements ?? []);
  }

  #stepsOf(workflow: string): string[] {
    const steps = this.#workflows.find(({ name }) => name === workflow)?.steps ?? [];
    return steps.map(({ statement }) => statement);
  }

  #buildsOf(workflow: string): StatementRecord[] {
    const steps = this.#stepsOf(workflow);
    return this.#statements().filter(
      (done) => done.workflow === workflow && done.outcome === 'succeeded' && steps.includes(done.statement),
    );
  }
}
