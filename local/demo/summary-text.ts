import { alignedLines, countText } from '../cli/figures.ts';
import type { NamedRows } from '../cli/lake-questions.ts';
import type { Summary } from './summary.ts';

type Row = NamedRows[number];

const grains = [
  { grain: 'DAILY', label: 'day' },
  { grain: 'WEEKLY', label: 'week' },
  { grain: 'MONTHLY', label: 'month' },
] as const;

/** A summary as a page for the terminal, with commands to try next on the home. */
export function summaryText(summary: Summary, home: string): string {
  const sections = [
    ['The demonstration', ...spanLines(summary)],
    ['Active users of the newest day, week and month, by platform', ...userLines(summary.periods)],
    ['Totals', ...totalLines(summary.periods)],
    ['Largest groups of active users, newest day', ...breakdownLines(summary.breakdowns)],
    ['Tool calls, newest day', ...toolLines(summary.tools)],
    ['Records', ...recordLines(summary)],
    ['Try next', ...commandsToTry(home)],
  ];
  return `\n${sections.map(([title, ...lines]) => [title, ...lines.map((line) => `  ${line}`)].join('\n')).join('\n\n')}\n`;
}

function spanLines({ spans }: Summary): string[] {
  return spans.map(({ layer, days, first_day, last_day }) => {
    const why = layer === 'gold' ? 'holds no identifier and is kept for ever' : 'is dropped when it is past retention';
    return `${layer ?? ''}: ${days ?? 0} days, ${first_day ?? '?'} to ${last_day ?? '?'}; ${why}`;
  });
}

function userLines(periods: NamedRows): string[] {
  const platforms = [
    ...new Set(grains.flatMap(({ grain }) => rowsOf(periods, grain).map(({ platform }) => platform ?? ''))),
  ];
  const present = grains.filter(({ grain }) => rowsOf(periods, grain).length > 0);
  const head = [
    'platform',
    ...present.map(({ grain, label }) => `${label} ${rowsOf(periods, grain)[0]?.period_start ?? ''}`),
  ];
  const rows = platforms.map((platform) => [
    platform,
    ...present.map(({ grain }) => {
      const row = rowsOf(periods, grain).find((candidate) => candidate.platform === platform);
      return row === undefined ? '-' : whole(row, 'active_users');
    }),
  ]);
  return alignedLines([head, ...rows], 1);
}

function totalLines(periods: NamedRows): string[] {
  const head = ['', 'messages', 'rooms', 'tokens', 'cost', 'cost per user', 'messages per user', 'tokens per message'];
  const rows = grains.flatMap(({ grain, label }) => {
    const row = rowsOf(periods, grain).find(({ platform }) => platform === 'All');
    if (row === undefined) return [];
    return [
      [
        `${label} ${row.period_start ?? ''}`,
        whole(row, 'messages_cnt'),
        whole(row, 'rooms_cnt'),
        whole(row, 'total_tokens'),
        `$${Number(row.total_cost).toFixed(2)}`,
        `$${Number(row.cost_per_user).toFixed(4)}`,
        Number(row.messages_per_user).toFixed(1),
        Number(row.tokens_per_message).toFixed(0),
      ],
    ];
  });
  return alignedLines([head, ...rows], 1);
}

function breakdownLines(breakdowns: NamedRows): string[] {
  const dimensions = [...new Set(breakdowns.map(({ dimension }) => dimension ?? ''))];
  return alignedLines(
    dimensions.map((dimension) => [
      dimension,
      breakdowns
        .filter((row) => row.dimension === dimension)
        .map((row) => `${row.dimension_value ?? ''} ${whole(row, 'active_users')}`)
        .join(', '),
    ]),
    2,
  );
}

function toolLines(tools: NamedRows): string[] {
  const rows = tools.map((row) => [row.tool_type ?? '', whole(row, 'calls_cnt'), whole(row, 'users_cnt')]);
  return alignedLines([['tool', 'calls', 'users'], ...rows], 1);
}

function recordLines({ rejected, late }: Summary): string[] {
  const reasons = Object.entries(rejected).map(([reason, count]) => `${reason} ${countText(count)}`);
  return [
    `rejected, by reason: ${reasons.length === 0 ? 'none' : reasons.join(', ')}`,
    `late: ${countText(late.tooLate)} beyond the look-back of days still kept; they are in bronze and change no figure`,
  ];
}

function commandsToTry(home: string): string[] {
  const at =
    home === '.lethe' ? '' : ` --home ${/^[\w./-]+$/.test(home) ? home : `'${home.replaceAll("'", "'\\''")}'`}`;
  return [
    `npx lethe status${at}`,
    `npx lethe query${at} "select period_start, active_users, total_cost from gold_time_series where grain = 'WEEKLY' and platform = 'All' order by 1"`,
    `npx lethe query${at} --format csv "select * from gold_bucket_distribution where grain = 'MONTHLY'"`,
    'npx lethe --help',
  ];
}

function rowsOf(periods: NamedRows, grain: string): NamedRows {
  return periods.filter((row) => row.grain === grain);
}

function whole(row: Row, column: string): string {
  return countText(BigInt(row[column] ?? 0));
}
