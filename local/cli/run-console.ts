import { once } from 'node:events';
import { chatDashboard } from '../../dashboards/chat.ts';
import { ComplianceDesk } from '../console/compliance-desk.ts';
import { serveConsole } from '../console/serve-console.ts';
import { tokenFrom } from '../console/token.ts';
import { isLoopback } from '../console/visitors.ts';
import { synthesized } from '../workflows/synthesized.ts';
import type { LetheOptions } from './lethe-options.ts';
import { expectLakehouse, withSession } from './open-session.ts';
import type { Place } from './place.ts';

export interface RunConsoleOptions extends LetheOptions {
  readonly port: number;
  readonly host: string;
}

/** Serves the console of a home until somebody presses Ctrl-C. @throws InputError when there is no lakehouse yet, the port is in use, or LETHE_CONSOLE_TOKEN will not do. */
export async function runConsole(options: RunConsoleOptions, place: Place): Promise<void> {
  const { home, port, host } = options;
  const token = isLoopback(host) ? undefined : tokenFrom(process.env.LETHE_CONSOLE_TOKEN);
  expectLakehouse(home);
  await withSession(options, place, async (session) => {
    const { athena, settings, pipelines, endpointUrl } = session;
    const { machines } = await synthesized(pipelines, place.synthesize);
    const served = await serveConsole({
      athena,
      settings,
      pipelines,
      ledger: session.runtime.ledger,
      owned: session.owned,
      machines,
      dashboard: chatDashboard,
      compliance: new ComplianceDesk(session, home),
      port,
      host,
      ...(token === undefined ? {} : { token }),
    });
    try {
      await place.terminal.print(
        `Dashboards and operations: ${served.url}\nAthena endpoint:           ${endpointUrl}\n`,
      );
      place.terminal.note('Ctrl-C ends both.');
      if (!place.interrupted.aborted) await once(place.interrupted, 'abort');
    } finally {
      await served.close();
    }
  });
}
