import type { LetheOptions } from './lethe-options.ts';
import { holdsLakehouse, withSession } from './open-session.ts';
import type { Place } from './place.ts';
import { readStatus, type Status } from './read-status.ts';
import { readSettings } from './settings-file.ts';
import { statusText } from './status-text.ts';

/** `lethe status`. Where there is no lakehouse it says so, and makes none. */
export async function showStatus(options: LetheOptions & { readonly json?: true }, place: Place): Promise<void> {
  const { home, json } = options;
  const print = (text: string, status: Status) =>
    place.terminal.print(json === true ? `${JSON.stringify(status, null, 2)}\n` : text);
  if (!holdsLakehouse(home)) {
    readSettings(options.config);
    const nothing: Status = {
      home,
      workflows: [],
      runs: [],
      files: [],
      rejected: {},
      late: { waiting: 0, tooLate: 0 },
      findings: [],
    };
    await print(`There is nothing in ${home} yet: fill it with "lethe ingest" or "lethe demo".\n`, nothing);
    return;
  }
  await withSession(options, place, async (session) => {
    const status = await readStatus(home, session);
    await print(statusText(status), status);
  });
}
