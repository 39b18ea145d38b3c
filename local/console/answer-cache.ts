import type { RunLedger } from '../../core/lake/run-ledger.ts';
import type { ChartQuery } from '../../dashboards/chart-sql.ts';
import type { ChartAnswer } from './answers.ts';
import { recentRuns, stateOf } from './recent-runs.ts';

/** Answers that are kept: every page in every grain and on every platform, some times over. */
const mostAnswers = 1_000;

/** Answers of queries on gold, for as long as no run has changed it. While one is under way nothing is kept. */
export class AnswerCache {
  readonly #ledger: RunLedger;
  readonly #read: (query: ChartQuery) => Promise<ChartAnswer>;
  readonly #interrupted: ReadonlySet<string>;
  readonly #now: () => Date;
  readonly #answers = new Map<string, Promise<ChartAnswer>>();
  #version: string | undefined;

  /**
   * @param interrupted ids of runs that nobody can be running, though they have no end.
   * @param now Default: the machine's clock.
   */
  constructor(
    ledger: RunLedger,
    read: (query: ChartQuery) => Promise<ChartAnswer>,
    interrupted: ReadonlySet<string>,
    now: () => Date = () => new Date(),
  ) {
    this.#ledger = ledger;
    this.#read = read;
    this.#interrupted = interrupted;
    this.#now = now;
  }

  /** The answer of a query; one that is being asked for already is waited for. */
  async answer(query: ChartQuery): Promise<ChartAnswer> {
    const version = await this.#versionOfData();
    if (version === undefined) return this.#read(query);
    if (version !== this.#version) {
      this.#answers.clear();
      this.#version = version;
    }
    const key = JSON.stringify([query.sql, query.parameters]);
    const known = this.#answers.get(key);
    if (known !== undefined) return known;
    const asked = this.#read(query);
    this.#answers.set(key, asked);
    const [oldest] = this.#answers.keys();
    if (this.#answers.size > mostAnswers && oldest !== undefined) this.#answers.delete(oldest);
    // A failure is told to those who wait for it, and tried again by the next.
    asked.catch(() => this.#answers.delete(key));
    const answer = await asked;
    // Began a run meanwhile, it may have changed what the query was reading.
    if ((await this.#versionOfData()) !== version) this.#answers.delete(key);
    return answer;
  }

  /** What changes with the data; undefined while it may change at any moment. */
  async #versionOfData(): Promise<string | undefined> {
    const runs = await recentRuns(this.#ledger, this.#now());
    const isUnderWay = runs.some(({ id, outcome }) => outcome === undefined && !this.#interrupted.has(id));
    return isUnderWay ? undefined : runs.map(stateOf).join('\n');
  }
}
