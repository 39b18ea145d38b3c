import type { Filters } from '../../../dashboards/chart-sql.ts';
import type { Absence, ChartAnswer, Choices, Compliance, DryRun, Operations, ShownChart } from '../answers.ts';

/** The console could not answer; the message is for the reader. */
class NoAnswer extends Error {
  override readonly name = 'NoAnswer';
}

async function get<T>(path: string, signal?: AbortSignal): Promise<T> {
  return ask(path, signal === undefined ? {} : { signal });
}

/** What is sent stands in the body: addresses are kept by browsers, proxies and logs. */
async function post<T>(path: string, body: object): Promise<T> {
  return ask(path, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) });
}

async function ask<T>(path: string, init: RequestInit): Promise<T> {
  const response = await fetch(path, init).catch((error: unknown) => {
    if (error instanceof DOMException && error.name === 'AbortError') throw error;
    throw new NoAnswer('The console does not answer. Is "lethe console" still running?');
  });
  const body = await response.json();
  if (!response.ok) throw new NoAnswer(body.error);
  return body;
}

export const askChoices = () => get<Choices>('/api/choices');

export const askOperations = () => get<Operations>('/api/operations');

export const askCompliance = () => get<Compliance>('/api/compliance');

export const askDryRun = (identity: string) => post<DryRun>('/api/compliance/dry-run', { identity });

export const askAbsence = (identity: string) => post<Absence>('/api/compliance/absence', { identity });

/** @param again the identifier as it was typed a second time. */
export const submitRequest = (identity: string, again: string, regulation: string) =>
  post<{ request: string }>('/api/compliance/requests', { identity, again, regulation });

export const withdrawRequest = (request: string) =>
  post<{ withdrawn: string }>('/api/compliance/withdrawals', { request });

/** The rows that a chart shows under some filters. */
export function askChart(chart: ShownChart, filters: Filters, signal: AbortSignal): Promise<ChartAnswer> {
  const { grain, from, to, platform, compared } = filters;
  const parameters = new URLSearchParams({ grain, from, to });
  if (chart.platforms === 'one') parameters.set('platform', platform);
  if (chart.platforms === 'compared') for (const name of compared) parameters.append('compared', name);
  return get(`/api/charts/${chart.id}?${parameters}`, signal);
}
