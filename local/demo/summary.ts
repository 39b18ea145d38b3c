import { askStatement, type LateRecords, lateRecords, type NamedRows, rejectedRecords } from '../cli/lake-questions.ts';
import type { Session } from '../session.ts';

/** What the demonstration has come to, as its tables say it. */
export interface Summary {
  /** Newest day, week and month by platform. */
  readonly periods: NamedRows;
  /** Largest values of each dimension. */
  readonly breakdowns: NamedRows;
  readonly tools: NamedRows;
  /** Days that silver and gold hold. */
  readonly spans: NamedRows;
  readonly rejected: Readonly<Record<string, number>>;
  readonly late: LateRecords;
}

/** Values shown of each dimension. */
const valuesShown = 5;

export async function readSummary(session: Session): Promise<Summary> {
  const ask = (name: string) => askStatement(session, import.meta.dirname, name);
  return {
    periods: await ask('summary_periods'),
    breakdowns: await askStatement(session, import.meta.dirname, 'summary_breakdowns', {
      most: { type: 'integer', value: valuesShown },
    }),
    tools: await ask('summary_tools'),
    spans: await ask('summary_spans'),
    rejected: await rejectedRecords(session),
    late: await lateRecords(session),
  };
}
