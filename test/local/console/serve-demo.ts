import { chatDashboard } from '../../../dashboards/chat.ts';
import { synthesizeWorkflows } from '../../../lib/synthesize-workflows.ts';
import { ComplianceDesk } from '../../../local/console/compliance-desk.ts';
import { type Console, type ConsoleOptions, serveConsole } from '../../../local/console/serve-console.ts';
import { synthesized } from '../../../local/workflows/synthesized.ts';
import type { EmbeddedLake } from '../embedded-lake.ts';

/** Serves the console on a lake. */
export async function serveLake(
  { session, home }: Pick<EmbeddedLake, 'session' | 'home'>,
  more: Partial<ConsoleOptions> = {},
): Promise<Console> {
  const { machines } = await synthesized(session.pipelines, async (declared) => synthesizeWorkflows(declared));
  const { athena, settings, pipelines } = session;
  return serveConsole({
    athena,
    settings,
    pipelines,
    ledger: session.runtime.ledger,
    owned: session.owned,
    machines,
    dashboard: chatDashboard,
    compliance: new ComplianceDesk(session, home),
    ...more,
  });
}
