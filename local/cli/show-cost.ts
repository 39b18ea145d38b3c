import { AthenaClient } from '@aws-sdk/client-athena';
import { type Costs, costsOf, type PaidStatement } from '../../core/monitoring/costs.ts';
import { prices } from '../../core/monitoring/prices.ts';
import { recentStatements } from '../../core/monitoring/recent-statements.ts';
import { addDays, dateOf } from '../../core/window.ts';
import { athenaHistory } from '../monitoring/athena-history.ts';
import { costText } from './cost-text.ts';
import type { LetheOptions } from './lethe-options.ts';
import { holdsLakehouse, withSession } from './open-session.ts';
import type { Place } from './place.ts';
import { readSettings } from './settings-file.ts';

interface CostRequest extends LetheOptions {
  readonly days: number;
  readonly env?: string;
  readonly json?: true;
}

/** `lethe cost`, from a home's ledger or from Athena's history of an environment. */
export async function showCost(request: CostRequest, place: Place): Promise<void> {
  const now = place.now();
  const first = addDays(dateOf(now.getTime()), 1 - request.days);
  const from = new Date(`${first}T00:00:00Z`);
  const paid =
    request.env === undefined ? await ofHome(request, place, from) : await ofEnvironment(request.env, place, from);
  const costs: Costs & { from: string; prices: { region: string; asOf: string } } = {
    from: first,
    prices: { region: prices.region, asOf: prices.asOf },
    ...costsOf(paid),
  };
  place.terminal.print(request.json === true ? `${JSON.stringify(costs, null, 2)}\n` : costText(costs, first));
}

async function ofHome(request: CostRequest, place: Place, from: Date): Promise<PaidStatement[]> {
  if (!holdsLakehouse(request.home)) {
    // A wrong setting is told all the same.
    readSettings(request.config);
    return [];
  }
  // Up to this instant and a little more: what ends while we look counts too.
  const to = new Date(place.now().getTime() + 60_000);
  return await withSession(request, place, ({ runtime }) => recentStatements(runtime.ledger, from, to));
}

async function ofEnvironment(environment: string, place: Place, from: Date): Promise<PaidStatement[]> {
  const { region, workGroups } = await place.deployment(environment);
  const client = new AthenaClient(region === undefined ? {} : { region });
  const paid: PaidStatement[] = [];
  for (const workGroup of workGroups) paid.push(...(await athenaHistory(client, workGroup, from)));
  return paid;
}
