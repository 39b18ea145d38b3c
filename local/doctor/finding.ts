/** What a check found. Every fault says what to do. */
export interface Finding {
  readonly what: string;
  readonly state: 'well' | 'warning' | 'fault';
  readonly says: string;
  /** Default: nothing. */
  readonly remedy?: string;
}

export function well(what: string, says: string): Finding {
  return { what, state: 'well', says };
}

export function fault(what: string, says: string, remedy: string): Finding {
  return { what, state: 'fault', says, remedy };
}

export function warning(what: string, says: string, remedy: string): Finding {
  return { what, state: 'warning', says, remedy };
}

/**
 * Makes a check that cannot look itself a fault: nobody is told that all is well because nobody could see.
 *
 * @param remedies what to do, by the name of the error. Default for others: permissions.
 */
export async function looked(
  what: string,
  check: () => Promise<Finding[]>,
  remedies: Readonly<Record<string, string>> = {},
): Promise<Finding[]> {
  try {
    return await check();
  } catch (error) {
    const name = error instanceof Error ? error.name : 'Error';
    const remedy =
      remedies[name] ?? 'Check the credentials, the region and the permissions of docs/permissions.md, then ask again.';
    return [fault(what, `cannot be looked at (${name})`, remedy)];
  }
}
