import { gibibytes, median, seconds, sum, times, whole } from './figures.ts';
import type { Build, Round, SizeFigures } from './measure-size.ts';
import type { Cost } from './measured-command.ts';

/** The figures of some sizes as a table of Markdown: medians of the rounds, and ratios within one run. */
export function table(sizes: readonly SizeFigures[]): string {
  const head = ['', ...sizes.map(({ messages }) => `${whole(messages)} messages`)];
  const rows = lines.map(([name, cell]) => [name, ...sizes.map(cell)]);
  return [head, head.map(() => '---'), ...rows].map((row) => `| ${row.join(' | ')} |`).join('\n');
}

type Cell = (size: SizeFigures) => string;

const builds: readonly [string, (round: Round) => Build][] = [
  ['45 days', (round) => round.full],
  ['one more day', (round) => round.plainDay],
  ['one that ends a week and a month', (round) => round.endingDay],
];

const lines: readonly (readonly [string, Cell])[] = [
  ['ingest, records a second', ({ records, ingest }) => whole(records / ingest.seconds)],
  ['ingest, peak memory', ({ ingest }) => gibibytes(ingest.peakBytes)],
  ['bare pass over bronze', (size) => seconds(bare(size))],
  ...builds.flatMap(([name, build]): [string, Cell][] => [
    [`${name}: lethe`, (size) => costText(size.rounds.map((round) => build(round).lethe))],
    [`${name}: dbt-duckdb`, (size) => costText(dbtCosts(size, build))],
    [`${name}: dbt-duckdb / lethe`, (size) => times(typical(dbtCosts(size, build)) / letheSeconds(size, build))],
  ]),
  ['45 days: lethe / bare pass', (size) => times(letheSeconds(size, (round) => round.full) / bare(size))],
  ['messages of the one more day', ({ messagesOnPlainDay }) => whole(messagesOnPlainDay)],
  ['one more day after one day', (size) => costText(size.rounds.map((round) => round.youngHome))],
  [
    'one more day: after 45 days / after one',
    (size) => times(letheSeconds(size, (round) => round.plainDay) / young(size)),
  ],
  [
    'rows of gold that dbt has otherwise',
    ({ differing }) => (differing.size === 0 ? '–' : whole(sum([...differing.values()]))),
  ],
];

const typical = (costs: readonly Cost[]) => median(costs.map((cost) => cost.seconds));
const bare = ({ rounds }: SizeFigures) => median(rounds.map((round) => round.bareSeconds));
const young = ({ rounds }: SizeFigures) => typical(rounds.map((round) => round.youngHome));
const letheSeconds = ({ rounds }: SizeFigures, build: (round: Round) => Build) =>
  typical(rounds.map((round) => build(round).lethe));

function dbtCosts({ rounds }: SizeFigures, build: (round: Round) => Build): Cost[] {
  return rounds.map((round) => build(round).dbt).filter((cost) => cost !== undefined);
}

function costText(costs: readonly Cost[]): string {
  if (costs.length === 0) return '–';
  return `${seconds(typical(costs))}, ${gibibytes(Math.max(...costs.map((cost) => cost.peakBytes)))}`;
}
