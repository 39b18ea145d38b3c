import { alignedLines, bytesText, countOf, countText, durationText } from './figures.ts';
import type { RunStatus, Status, WorkflowStatus } from './read-status.ts';

/** A status as a page for the terminal. */
export function statusText(status: Status): string {
  const sections = [
    `Lakehouse in ${status.home}`,
    titled('Data as of', [
      ...alignedLines(
        [
          ['workflow', 'built through', 'state', 'last changed (UTC)', 'periods'],
          ...status.workflows.map(workflowCells),
        ],
        5,
      ),
    ]),
    titled(
      'Latest runs',
      status.runs.length === 0
        ? ['none yet: lethe backfill --from DATE --to DATE']
        : [
            ...alignedLines(
              [
                ['started (UTC)', 'workflow', 'outcome', 'took', 'statements', 'rows changed', 'scanned'],
                ...status.runs.map(runCells),
              ],
              3,
            ),
            ...failuresOf(status.runs),
          ],
    ),
    titled('Records', recordLines(status)),
    titled('Data quality', findingLines(status.findings)),
  ];
  return `${sections.join('\n\n')}\n`;
}

function titled(title: string, lines: readonly string[]): string {
  return [title, ...lines.map((line) => `  ${line}`)].join('\n');
}

function workflowCells({ workflow, builtThrough, state, builtAt, periods, dropped }: WorkflowStatus): string[] {
  const counts =
    dropped === 0 ? countText(periods) : `${countText(periods)} (and ${countText(dropped)} past retention)`;
  return [workflow, builtThrough ?? 'nothing yet', state ?? '', minuteText(builtAt), counts];
}

function runCells({
  startedAt,
  workflow,
  outcome,
  seconds,
  statements,
  rowsChanged,
  bytesScanned,
}: RunStatus): string[] {
  return [
    minuteText(startedAt),
    workflow,
    outcome,
    seconds === undefined ? '' : durationText(seconds * 1000),
    countText(statements),
    countText(rowsChanged),
    bytesText(bytesScanned),
  ];
}

function failuresOf(runs: readonly RunStatus[]): string[] {
  const lines = runs.flatMap(({ startedAt, workflow, failure }) =>
    failure === undefined ? [] : [`${minuteText(startedAt)} ${workflow}: ${failure}`],
  );
  return lines.length === 0 ? [] : ['', ...lines];
}

function recordLines({ files, rejected, late }: Status): string[] {
  const lines = files.map(
    ({ topic, files: count, accepted, rejected: refused }) =>
      `${topic}: ${countOf(count, 'file')}, accepted ${countText(accepted)}, rejected ${countText(refused)}`,
  );
  const reasons = Object.entries(rejected).map(([reason, count]) => `${reason} ${countText(count)}`);
  return [
    ...(lines.length === 0 ? ['no files ingested yet: lethe ingest --topic chat FILE'] : lines),
    `rejected records kept: ${reasons.length === 0 ? 'none' : reasons.join(', ')}`,
    `late: ${countText(late.waiting)} waiting for the next run, ${countText(late.tooLate)} beyond the look-back, which count nowhere`,
  ];
}

/** Lines told of at most: after an outage a week of days can be worth a look. */
const findingsTold = 12;

function findingLines(findings: Status['findings']): string[] {
  if (findings.length === 0) return ['nothing about the last seven days is worth a look'];
  const lines = findings
    .slice(0, findingsTold)
    .map(({ day, check, subject, dimensionValue, value, expected, severity }) => {
      const what = [subject, dimensionValue].filter((part) => part !== '').join(' ');
      const usual = expected === undefined ? '' : `, usual is ${Number(expected.toPrecision(4))}`;
      return `${day} ${severity}: ${check} of ${what} is ${Number(value.toPrecision(4))}${usual}`;
    });
  const rest = findings.length - lines.length;
  return rest > 0 ? [...lines, `and ${countText(rest)} more in the table of findings`] : lines;
}

function minuteText(instant: string | undefined): string {
  return instant === undefined ? '' : instant.slice(0, 16).replace('T', ' ');
}
