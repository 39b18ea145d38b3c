import type { Filters } from '../../../dashboards/chart-sql.ts';
import type { ChartAnswer, Choices, Operations, ShownChart } from '../answers.ts';

/** The console could not answer; the message is for the reader. */
class NoAnswer extends Error {
  override readonly name = 'NoAnswer';
}

async function get<T>(path: string, signal?: AbortSignal): Promise<T> {
  const response = await fetch(path, signal === undefined ? {} : { signal }).catch((error: unknown) => {
    if (error instanceof DOMException && error.name === 'AbortError') throw error;
    throw new NoAnswer('The console does not answer. Is "lethe console" still running?');
  });
  const body = await response.json();
  if (!response.ok) throw new NoAnswer(body.error);
  return body;
}

export const askChoices = () => get<Choices>('/api/choices');

export const askOperations = () => get<Operations>('/api/operations');

/** The rows that a chart shows under some filters. */
export function askChart(chart: ShownChart, filters: Filters, signal: AbortSignal): Promise<ChartAnswer> {
  const { grain, from, to, platform, compared } = filters;
  const parameters = new URLSearchParams({ grain, from, to });
  if (chart.platforms === 'one') parameters.set('platform', platform);
  if (chart.platforms === 'compared') for (const name of compared) parameters.append('compared', name);
  return get(`/api/charts/${chart.id}?${parameters}`, signal);
}
