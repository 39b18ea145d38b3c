import type { Cost, Costs } from '../../core/monitoring/costs.ts';
import { prices } from '../../core/monitoring/prices.ts';
import { alignedLines, bytesText, countText, durationText } from './figures.ts';

/** Costs as two tables for the terminal. @param from the first day that was looked at. */
export function costText(costs: Costs, from: string): string {
  if (costs.total.statements === 0) return `No statement has run since ${from}.\n`;
  const head = ['statements', 'read', 'took', 'dollars'];
  const days = [
    ['day', ...head],
    ...costs.days.map(({ day, ...cost }) => [day, ...cells(cost)]),
    ['total', ...cells(costs.total)],
  ];
  const statements = [
    ['statement', ...head],
    ...costs.statements.map(({ statement, ...cost }) => [statement, ...cells(cost)]),
  ];
  return [
    ...alignedLines(days, 1),
    '',
    ...alignedLines(statements, 1),
    '',
    `At Athena's list price of ${prices.region}, ${prices.asOf}: ${prices.athenaPerTerabyte} dollars a TB, 10 MB at least for each statement.`,
    '',
  ].join('\n');
}

function cells({ statements, bytes, millis, dollars }: Cost): string[] {
  return [countText(statements), bytesText(bytes), durationText(millis), dollars.toFixed(5)];
}
